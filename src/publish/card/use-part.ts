import type { ChatTemplate } from '../../chat/chat-template.ts';
import { type Message, renderChat } from '../../chat/render.ts';
import { messageOf } from '../../errors.ts';
import { shellLine } from '../../run/shell.ts';
import type { BuildRow } from '../build.ts';
import { type CardFacts, exampleRow, repoOf } from './facts.ts';
import { fenced } from './markdown.ts';

/** How to get it and run it: commands for one row, and what a prompt looks like. */
export function usePart(facts: CardFacts, there: BuildRow[]): string {
  const { results, template, beside } = facts;
  const row = exampleRow(results, there);
  if (!row) return '';
  return [
    '## Use',
    '',
    fenced(commands(repoOf(facts), row, facts).join('\n'), 'sh'),
    ...companions(facts),
    '',
    ...(template ? promptFormat(template) : ['The model has no chat template: it goes on with a text (`-no-cnv -p "Once upon a time"`).']),
    ...(beside.includes('Modelfile')
      ? [
          '',
          'For Ollama, with the file and `Modelfile` in one folder:',
          '',
          fenced(`ollama create ${results.model.toLowerCase()} -f Modelfile`, 'sh'),
        ]
      : []),
  ].join('\n');
}

function commands(repo: string | null, { tag, files, row }: BuildRow, { results }: CardFacts): string[] {
  const [first] = files;
  const path = first?.path ?? '';
  const pick = results.recommendations?.find((one) => one.pick === row.name);
  const local = shellLine(['llama-cli', '-m', path, ...(pick?.arguments ?? [])]);
  if (repo === null) return [local];
  const download = shellLine(['hf', 'download', repo, ...files.map((file) => file.path), '--local-dir', '.']);
  return [...(tag === null ? [] : [shellLine(['llama-cli', '-hf', `${repo}:${tag}`])]), '# or, the file by itself:', download, local];
}

function companions({ results }: CardFacts): string[] {
  const flags = { mmproj: '--mmproj', mtp: '--spec-type draft-mtp -md' };
  return (results.companions ?? []).flatMap(({ name, kind }) => ['', `\`${name}\` goes with every file: \`${flags[kind]} ${name}\`.`]);
}

/** As the model's own template writes it, with the places of the texts in braces. */
function promptFormat(template: ChatTemplate): string[] {
  const user: Message = { role: 'user', content: '{prompt}' };
  const withSystem = shown(template, [{ role: 'system', content: '{system prompt}' }, user]);
  const text = 'text' in withSystem && withSystem.text.includes('{system prompt}') ? withSystem : shown(template, [user]);
  if ('problem' in text) return [`The prompt format is the chat template in the file; it cannot be shown here (${text.problem}).`];
  const without = text === withSystem ? '' : ' It knows no system prompt.';
  return [`A prompt, as the chat template in the file writes it (llama.cpp does so by itself).${without}`, '', fenced(text.text)];
}

function shown(template: ChatTemplate, messages: Message[]): { text: string } | { problem: string } {
  try {
    return { text: renderChat(template, messages, { answer: true }) };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
