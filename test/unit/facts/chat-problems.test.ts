import { afterEach, beforeEach, expect, test } from 'vitest';
import { sourceProblems } from '../../../src/facts/source-problems.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { writeAdapter } from '../../support/adapters.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const template = "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools') }}{% endif %}{{ m.content }}{% endfor %}";
const talk = (...roles: string[]) => `${JSON.stringify({ messages: roles.map((role) => ({ role, content: 'Hi' })) })}\n`;

let space: Workspace;
beforeEach(() => {
  space = workspace();
  writeTinyModel(space);
  space.write('evaluation.txt', 'word '.repeat(40_000));
});
afterEach(() => space[Symbol.dispose]());

/** Places and sentences of what is wrong with a calibration on these conversations. */
function problemsOf(conversations: string, more: object = {}): [string, string][] {
  space.write('talk.jsonl', conversations);
  const written = { model: './model', quants: 'Q8_0', imatrix: { text: { chat: './talk.jsonl' } }, evaluate: './evaluation.txt', ...more };
  const loaded = loadPipelineText(JSON.stringify(written), { file: null, folder: space.root });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return sourceProblems(loaded.pipeline).map(({ at, message }) => [at, message]);
}

const at = '/imatrix/text/chat';

test('a model without a chat template cannot render conversations', () => {
  expect(problemsOf(talk('user'))).toEqual([[at, 'the model has no chat template']]);
});

test('nor be asked in conversations, or with a system message', () => {
  const samples = { system: 'Be brief.', prompts: ['Go on', { name: 'hi', messages: [{ role: 'user', content: 'Hi' }] }] };
  expect(problemsOf('', { imatrix: 'none', samples }).map(([place]) => place)).toEqual(['/samples/system', '/samples/prompts/1']);
  space.write('prompts.jsonl', `"Go on"\n${JSON.stringify(samples.prompts[1])}\n`);
  const inFile = { file: './prompts.jsonl' };
  expect(problemsOf('', { imatrix: 'none', samples: inFile }).map(([place]) => place)).toEqual(['/samples/file']);
  space.write('model/chat_template.jinja', template);
  for (const asked of [samples, inFile]) expect(problemsOf('', { imatrix: 'none', samples: asked })).toEqual([]);
});

test.each<[string, string, string]>([
  ['tokenizer_config.json', JSON.stringify({ chat_template: template }), 'beside the tokenizer'],
  ['tokenizer_config.json', JSON.stringify({ chat_template: [{ name: 'default', template }] }), 'among several'],
  ['chat_template.jinja', template, 'in a file of its own'],
  ['chat_template.json', JSON.stringify({ chat_template: template }), 'in another'],
])('a template in %s is found (%#)', (file, content) => {
  space.write(`model/${file}`, content);
  expect(problemsOf(talk('user', 'assistant'))).toEqual([]);
});

test('what cannot be rendered is told by file and line: a line that is none, an order of roles that the template refuses', () => {
  space.write('model/chat_template.jinja', template);
  expect(problemsOf(`${talk('user')}no talk\n`)).toEqual([[at, 'talk.jsonl, line 2: it is no object of JSON']]);
  const [[place, message] = ['', '']] = problemsOf(`${talk('user').repeat(3)}${talk('user', 'tool')}`);
  expect([place, message]).toEqual([at, expect.stringMatching(/^talk\.jsonl, line 4: .*no tools/)]);
});

test("an adapter that brings a tokenizer brings the template, or none; one without a tokenizer leaves the model's", () => {
  const model = { path: './model', adapter: './adapter' };
  const wanted = { imatrix: 'none', samples: { system: 'Be brief.' }, model };
  const missing = ['/samples/system', 'the model has no chat template'];
  writeAdapter(space);
  space.write('model/chat_template.jinja', template);
  expect(problemsOf('', wanted)).not.toContainEqual(missing);
  space.write('adapter/tokenizer_config.json', '{}');
  expect(problemsOf('', wanted)).toContainEqual(missing);
  space.write('adapter/chat_template.jinja', template);
  expect(problemsOf('', wanted)).not.toContainEqual(missing);
});
