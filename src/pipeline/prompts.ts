import type { Prompt } from './pipeline.ts';
import type { WrittenPrompt } from './written-samples.ts';

/** Prompts with a name each: what a person wrote, else the prompt's first words. */
export function namedPrompts(written: WrittenPrompt[]): Prompt[] {
  const taken = new Set(written.flatMap((prompt) => (typeof prompt === 'object' && prompt.name !== undefined ? [prompt.name] : [])));
  return written.map((prompt) => {
    const { name, text, messages, must } = typeof prompt === 'string' ? { text: prompt } : prompt;
    const asked = messages?.findLast(({ role }) => role === 'user')?.content ?? messages?.at(-1)?.content ?? text ?? '';
    const own = name ?? free(firstWords(asked), taken);
    taken.add(own);
    const demand = must === undefined ? {} : { must };
    return messages ? { name: own, messages, ...demand } : { name: own, text: text ?? '', ...demand };
  });
}

const longestName = 40;

function firstWords(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  if (line === '') return 'prompt';
  if (line.length <= longestName) return line;
  const cut = [...line].slice(0, longestName - 1).join('');
  return `${cut.replace(/\s\S*$/, '') || cut}…`;
}

function free(name: string, taken: Set<string>): string {
  for (let i = 1; ; i++) {
    const tried = i === 1 ? name : `${name} (${i})`;
    if (!taken.has(tried)) return tried;
  }
}
