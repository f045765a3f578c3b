import { below, type Flat } from '../../pipeline/tree.ts';
import { type Environment, expandVariables } from '../../pipeline/variables.ts';

export interface FilledIn {
  /** In which `${` is meant as it stands, and `kept` begins a variable. */
  value: unknown;
  /** Names of the variables that were kept. */
  variables: string[];
}

/** What a file of text never has. */
const kept = '\u0000{';

/** What others need to find the same things: names, sources and paths. */
const needed =
  /^\/(name|model|base|convert|imatrix|quants|evaluate|choices|compare|gates|samples\/file|tools\/python|tools\/llamaCpp\/path)(\/|$)/;

/** Fills in the variables that say which files are meant, and numbers. Any other may be a secret: it stays as it was written. */
export function fillIn(words: Flat, env: Environment): FilledIn {
  const variables = new Set<string>();
  const chosen = (written: unknown, filled: unknown, at: string): unknown => {
    if (Array.isArray(written)) return written.map((part, i) => chosen(part, (filled as unknown[])[i], below(at, i)));
    if (typeof written === 'object' && written !== null)
      return Object.fromEntries(
        Object.entries(written).map(([key, part]) => [key, chosen(part, (filled as Record<string, unknown>)[key], below(at, key))]),
      );
    if (typeof written !== 'string' || typeof filled !== 'string' || needed.test(at) || !holdsVariable(written)) return filled;
    for (const [, name = ''] of written.matchAll(variable)) variables.add(name);
    return written.replaceAll('${', kept);
  };
  const value = chosen(words.value, expandVariables(words, env).value, '');
  return { value, variables: [...variables] };
}

const variable = /(?<!\$)\$\{(\w+)/g;

/** Whether a text is filled in anywhere. */
export function holdsVariable(text: string): boolean {
  return text.search(variable) >= 0;
}

/** For YAML: what stands is written so that it stands for the next reader, too, and what was kept is a variable again. */
export function written(text: string): string {
  return text.replaceAll('${', '$$${').replaceAll(kept, '${');
}
