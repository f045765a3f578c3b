import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultPrompts } from '../../../src/pipeline/default-prompts.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { namedPrompts } from '../../../src/pipeline/prompts.ts';
import { readPrompts } from '../../../src/pipeline/prompts-file.ts';

function fileOf(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-prompts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const mistakesIn = (name: string, content: string | Buffer) => {
  const file = fileOf(name, content);
  const read = readPrompts(file);
  return read.ok ? [] : read.mistakes.map(({ message }) => message.replaceAll(/[^\s`]*(?=prompts\.)/g, ''));
};

describe('names', () => {
  test('are the first words, where none is given, each once', () => {
    const written = [
      ' Why is\nthe sky blue? ',
      'Why is the sky blue?',
      { name: 'snow', text: 'x' },
      { text: 'One two three four five six seven eight nine' },
    ];
    expect(namedPrompts(written).map(({ name }) => name)).toEqual([
      'Why is the sky blue?',
      'Why is the sky blue? (2)',
      'snow',
      'One two three four five six seven…',
    ]);
  });

  test('of a conversation are what the user says last', () => {
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: 'Why?' },
    ];
    expect(namedPrompts([{ messages }])).toEqual([{ name: 'Why?', messages }]);
  });
});

describe('a file', () => {
  test('has a prompt on each line that is not empty', () => {
    expect(readPrompts(fileOf('prompts.txt', 'Why?\r\n\n  \nWhat is {"text"}?\n'))).toEqual({
      ok: true,
      prompts: [
        { name: 'Why?', text: 'Why?' },
        { name: 'What is {"text"}?', text: 'What is {"text"}?' },
      ],
    });
  });

  test('of JSON lines has texts, named texts and conversations', () => {
    const lines = ['"Why?"', '{"name": "two\\nlines", "text": "a\\nb"}', '{"messages": [{"role": "user", "content": "Hm?"}]}'];
    expect(readPrompts(fileOf('prompts.jsonl', `${lines.join('\n')}\n`))).toEqual({
      ok: true,
      prompts: [
        { name: 'Why?', text: 'Why?' },
        { name: 'two\nlines', text: 'a\nb' },
        { name: 'Hm?', messages: [{ role: 'user', content: 'Hm?' }] },
      ],
    });
  });

  test.each([
    ['prompts.txt', '\n \n', ['`prompts.txt` holds no prompt']],
    ['prompts.txt', Buffer.from([0x57, 0xff]), ['`prompts.txt` is not UTF-8 text']],
    [
      'prompts.jsonl',
      '"a"\n{"text": 3}\n{"txt": "b"}',
      ['prompts.jsonl:2: `text`: it has to be a text', 'prompts.jsonl:3: unknown key `txt`'],
    ],
    ['prompts.jsonl', '"a"\n\n{"text": "b"', ['prompts.jsonl:3: this is not JSON']],
    ['prompts.jsonl', '{"name": "x"}', ['prompts.jsonl:1: the prompt is missing']],
    ['prompts.jsonl', '{"name": "x", "text": "a"}\n{"name": "x", "text": "b"}', ['prompts.jsonl:2: another prompt is named `x` already']],
    [
      'prompts.jsonl',
      '{"messages": [{"role": "assistant", "content": "a"}]}',
      ['prompts.jsonl:1: `messages.0`: the last message is an answer already'],
    ],
    ['prompts.jsonl', '[1]', ['prompts.jsonl:1: this is no prompt']],
  ])('%s with %j is refused with its line', (name, content, mistakes) => {
    expect(mistakesIn(name, content)).toEqual(mistakes);
  });
});

describe('in a pipeline', () => {
  const samplesOf = (samples: string) => {
    const text = `model: ${join(import.meta.dirname, '../../fixtures/pipelines/model')}\nquants: [Q4_0]\nimatrix: none\nevaluate: none\n${samples}`;
    const loaded = loadPipelineText(text, { file: null, folder: '/', env: {} });
    if (!loaded.pipeline) throw new Error(JSON.stringify(!loaded.ok && loaded.diagnostics));
    return loaded.pipeline.samples;
  };

  test('none is asked unless somebody says so', () => {
    expect(samplesOf('')).toBeNull();
    expect(samplesOf('samples: none')).toBeNull();
  });

  test("`default` asks qpipe's own, of which each has another name", () => {
    expect(samplesOf('samples: default')).toEqual({ prompts: defaultPrompts, tokens: 64, template: 'auto', system: null });
    expect(new Set(defaultPrompts.map(({ name }) => name)).size).toBe(defaultPrompts.length);
  });

  test('everything can be said', () => {
    expect(samplesOf('samples: { prompts: [Why?], tokens: 8, template: none }')).toEqual({
      prompts: [{ name: 'Why?', text: 'Why?' }],
      tokens: 8,
      template: 'none',
      system: null,
    });
    expect(samplesOf('samples: { file: prompts.jsonl, system: Be short. }')).toMatchObject({
      prompts: { path: '/prompts.jsonl' },
      system: 'Be short.',
    });
  });
});
