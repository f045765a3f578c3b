import { truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { readAdapterConfig } from '../../../src/facts/adapter-config.ts';
import { adapterMisfits } from '../../../src/facts/adapter-fit.ts';
import { lookAtAdapter } from '../../../src/facts/adapter-look.ts';
import { parseObject } from '../../../src/facts/parse-json.ts';
import { sourceProblems } from '../../../src/facts/source-problems.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { loraConfig, writeAdapter, writeBase } from '../../support/adapters.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
  writeBase(space);
});
afterEach(() => space[Symbol.dispose]());

/** What is said of an adapter whose config is this text. Whatever is thrown fails the test: it would be a crash. */
function told(config: string): string[] {
  writeAdapter(space, { files: { 'adapter_config.json': config } });
  return problems();
}

function problems(): string[] {
  const written = { model: { path: './base', adapter: './adapter' }, quants: 'Q8_0', imatrix: 'none', evaluate: 'none' };
  const loaded = loadPipelineText(JSON.stringify(written), { file: null, folder: space.root });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return sourceProblems(loaded.pipeline).map(({ message }) => message);
}

const withField = (field: string, value: unknown) => JSON.stringify({ ...loraConfig, [field]: value });
const endless = '((.+)+)+!';

describe('patterns without end are given up', () => {
  test.each([
    ['target_modules', endless],
    ['alpha_pattern', { [endless]: 2 }],
  ])('%s', (field, value) => {
    expect(told(withField(field, value))).toEqual([
      expect.stringMatching(
        `adapter_config.json: the regular expressions in ${field} take longer than 2 s .* write the names of the modules instead`,
      ),
    ]);
  });

  test('one that is found to be too large at its use', () => {
    expect(told(withField('target_modules', 'a{1000}'.repeat(50_000)))).toEqual([
      expect.stringMatching(/the regular expressions in target_modules are too large: write the names of the modules instead/),
    ]);
  });
});

describe('what is odd is shown in a few words', () => {
  const nested = `${'['.repeat(5000)}${']'.repeat(5000)}`;

  test.each([
    ['an unknown key of thousands of levels', `{"peft_type": "LORA", "novel": ${nested}}`, /it says `novel: \[\[\[/],
    ['a pattern of thousands of levels', `{"peft_type": "LORA", "rank_pattern": ${nested}}`, /rank_pattern is \[\[\[/],
    ['a long value', withField('bias', 'x'.repeat(400_000)), /bias is "xxx/],
    ['a long type', withField('peft_type', 'x'.repeat(400_000)), /the adapter is xxx/],
    ['a long key', withField('x'.repeat(400_000), true), /it says `xxx/],
    ['a long way to begin', withField('init_lora_weights', `pissa${'x'.repeat(400_000)}`), /`init_lora_weights: pissaxxx/],
    ['a text without its end', `{"a": "${'\\"'.repeat(400_000)}`, /is not valid JSON/],
  ])('%s', (_what, config, message) => {
    const [first = '', ...more] = told(config);
    expect(first).toMatch(message);
    expect(first.length - space.root.length).toBeLessThan(400);
    expect(more).toEqual([]);
  });
});

test.each(['toString', 'constructor', '__proto__'])('%s is no field that is known', (key) => {
  expect(told(`{"peft_type": "LORA", "${key}": true}`)).toEqual([expect.stringContaining(`\`${key}: true\`, which is not known here`)]);
});

test.each([
  ['adapter/adapter_config.json', '1 MB are enough'],
  ['adapter/tokenizer.json', '200 MB are enough'],
  ['base/config.json', '200 MB are enough'],
])('a huge %s is refused by its size', (file, message) => {
  writeAdapter(space, { files: { 'tokenizer.json': '{}', 'tokenizer_config.json': '{}' } });
  truncateSync(space.path(file), 6e8);
  expect(problems()).toContainEqual(expect.stringContaining(`${space.path(file)} has 600 MB, and ${message}`));
});

test('a thousand mutations of a config crash nothing', () => {
  const random = randomFrom(7);
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T;
  const whole = JSON.stringify({
    ...loraConfig,
    rank_pattern: { 'layers.0.q_proj': 2 },
    alpha_pattern: { up_proj: 4 },
    layers_to_transform: [0, 1],
    trainable_token_indices: null,
    modules_to_save: null,
  });
  const values = [
    'null',
    'true',
    '-1',
    '1e999',
    '""',
    '[]',
    '{}',
    '[null]',
    '{"": 1}',
    '{"__proto__": 2}',
    '"("',
    '"[a-"',
    '"\\ud800"',
    '[["q_proj"]]',
  ];
  const mutate = (text: string) => {
    const at = Math.floor(random() * text.length);
    return pick([
      () => text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 8)),
      () => text.slice(0, at) + pick([...'[]{}":,\\0.-+*?(|)\0é']) + text.slice(at),
      () => text.replace(/:("[^"]*"|-?\d+|null)/g, (found) => (random() < 0.2 ? `:${pick(values)}` : found)),
      () => text.replace(/\[[^[\]]*\]|\{[^{}]*\}(?=[,}])/g, (found) => (random() < 0.3 ? pick(values) : found)),
    ])();
  };
  writeAdapter(space);
  const adapter = lookAtAdapter({ path: space.path('base'), trust: [] }, { path: space.path('adapter') });
  let refused = 0;
  for (let n = 0; n < 1000; n++) {
    const text = random() < 0.5 ? mutate(whole) : mutate(mutate(whole));
    try {
      const config = readAdapterConfig(parseObject(text, 'file'), 'file');
      refused += adapterMisfits({
        ...adapter,
        config,
        lora: { ...adapter.lora, ...config.lora, targets: config.lora.targets ?? [] },
      }).length;
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw new Error(`with ${text}`, { cause: thrown });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(500);
});
