import '../support/own-machine.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import { qualitySuite } from '../support/quality-suite.ts';
import { hellaswagFile } from '../support/questions.ts';
import { someText } from '../support/tiny-model.ts';

qualitySuite('what is measured of quality, on stand-ins', async () => longText());

/** Enough for some rounds of `chunks: auto`: 62 chunks of 32. */
function longText(): FakeLab {
  const lab = fakeLab();
  lab.workspace.write('work/evaluation.txt', someText(2000, 'evaluation'));
  return lab;
}

describe('chunks: auto, where two files cannot be told apart', () => {
  const twins = {
    quants: ['Q4_K_M', { type: 'Q4_K_M', name: 'plain', imatrix: false }],
    evaluate: { text: 'evaluation.txt', context: 32, chunks: 'auto' },
    bench: 'none',
    keep: 'none',
  };
  const rounds = [
    '16 chunks: plain and Q4_K_M are not told apart; going on with 32',
    '32 chunks: plain and Q4_K_M are not told apart; going on with 64',
  ];
  let lab: FakeLab;
  beforeAll(() => {
    lab = longText();
  });
  afterAll(() => lab[Symbol.dispose]());

  test('ends with the text; files that nobody keeps stay until the last round is over, and a stopped run goes on in its round', async () => {
    const stop = new AbortController();
    const stopped = await lab.run(twins, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'note' && event.text === rounds[0]) stop.abort();
      },
    });
    expect(stopped.result.stopped).toBe(true);
    const finished = await lab.run(twins);
    const { chunks, chosen } = finished.results.conditions.evaluation ?? {};
    expect([chunks, chosen]).toEqual([62, 'auto: 62, as the text has no more; plain and Q4_K_M are not told apart']);
    expect(finished.events.flatMap((event) => (event.type === 'note' ? [event.text] : []))).toEqual(rounds);
    const each = ['logits', 'divergence:base', 'divergence:Q4_K_M', 'divergence:plain'];
    expect(finished.ran).toEqual([...each, ...each].sort());
    expect((await lab.run(twins)).ran).toEqual([]);
  });

  test('a task that fails ends the rounds', async () => {
    using other = longText();
    other.fakes.misbehave({ at: 'divergence:Q4_K_M', exit: 1 });
    const { results } = await other.run(twins);
    expect(results.conditions.evaluation).toMatchObject({ chunks: 16, chosen: 'auto: 16, as a task failed' });
  });
});

describe('questions', () => {
  const asked = { quants: ['Q4_K_M'], evaluate: 'none', bench: 'none', choices: { hellaswag: 'hellaswag.txt' } };

  test('are put again when the last answers are lost, and not believed when they stay so', async () => {
    using lab = fakeLab();
    lab.workspace.write('work/hellaswag.txt', hellaswagFile(12));
    lab.fakes.misbehave({ at: 'hellaswag', loseFinal: true, times: 1 });
    const again = await lab.run(asked);
    expect(again.events.filter(({ type }) => type === 'task-retry')).toHaveLength(1);
    expect(again.row('Q4_K_M').choices).toMatchObject([{ questions: 12 }]);
    lab.fakes.misbehave({ at: 'hellaswag', loseFinal: true });
    const lost = await lab.run(asked, { force: ['choices:base@hellaswag'] });
    expect(lost.row('base').notMeasured.choices).toBe('hellaswag: llama-perplexity printed 11 of 12 answers');
    expect(lost.row('Q4_K_M').choices?.[0]?.flips).toBeUndefined();
  });
});
