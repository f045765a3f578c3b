import { harmless } from '../harmless.ts';
import type { Choices } from './choices.ts';
import { flow } from './flow.ts';
import { looksInWords } from './in-words.ts';
import { type Looks, makesFiles } from './looks.ts';
import { pathFrom, writtenModel } from './written-model.ts';

export interface Page {
  /** Of the pipeline. */
  name: string;
  /** The folder of the file. */
  folder: string;
  /** Where editors find the schema, from there; null when it is not near. */
  schema: string | null;
  /** The machine, in words. */
  machine: string;
}

/** A pipeline with a comment above each line that says why it is as it is. */
export function writeYaml(looks: Looks, choices: Choices, page: Page): string {
  const { name, folder } = page;
  const { base, imatrix, quants, compare, evaluate, samples, bench, keep, requantize } = choices;
  const { companions, trust } = looks;
  const entries = [
    { key: 'model', value: writtenModel(looks.source, { trust, companions, folder }), why: choices.model.why },
    ...(base.value === null ? [] : [{ key: 'base', ...base }]),
    { key: 'imatrix', value: writtenImatrix(imatrix.value, folder), why: imatrix.why },
    { key: 'quants', ...quants },
    ...(makesFiles(looks)
      ? []
      : [{ key: 'compare', value: compare.value.map((file) => writtenFile(file, looks, folder)), why: compare.why }]),
    { key: 'evaluate', value: evaluate.value && { ...evaluate.value, text: textFrom(folder, evaluate.value.text) }, why: evaluate.why },
    { key: 'samples', ...samples },
    { key: 'bench', ...bench },
    ...(makesFiles(looks) ? [{ key: 'keep', ...keep }] : []),
    ...(requantize ? [{ key: 'requantize', ...requantize }] : []),
  ];
  const paragraphs = entries.map(({ key, value, why }) => [...comment(why), `${key}: ${flow(value ?? 'none')}`].join('\n'));
  return `${[head(looks, page).join('\n'), `name: ${flow(name)}`, ...paragraphs].join('\n\n')}\n`;
}

function head(looks: Looks, { schema, machine }: Page): string[] {
  return [
    schema === null
      ? '# For completion in editors: `qpipe schema > schema.json`, and here a line `# yaml-language-server: $schema=./schema.json`'
      : `# yaml-language-server: $schema=${schema}`,
    '#',
    '# Written by `qpipe init`, which saw',
    ...looksInWords(looks).flatMap((line) => comment(line, '#   ')),
    ...comment(
      `on ${machine}. Each line has its reason above it, and may be changed; \`qpipe plan\` tells what that comes to. Times are guesses.`,
    ),
  ];
}

function writtenImatrix(value: Choices['imatrix']['value'], folder: string): unknown {
  if (value === null) return null;
  const { text, chunks, from, missing } = value;
  return { text: textFrom(folder, text), chunks, ...(from === null ? {} : { from }), ...(missing === 'error' ? {} : { missing }) };
}

/** A GGUF of the same repo by its type, or one here by its path. */
function writtenFile(name: string, { source }: Looks, folder: string): string {
  if (source.kind !== 'repo-gguf') return pathFrom(folder, name);
  return `${source.repo}${source.revision === null ? '' : `@${source.revision}`}:${name}`;
}

function textFrom(folder: string, name: string): string {
  return name.startsWith('/') ? pathFrom(folder, name) : name;
}

const width = 118;

/** Sentences as lines of a comment. */
function comment(text: string, start = '# '): string[] {
  const lines: string[] = [];
  for (const word of harmless(text).split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(`${start}${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
