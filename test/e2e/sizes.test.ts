import { chmodSync, existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LlamaCpp, type Preview, preview } from '../../src/index.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import type { Written } from '../support/lab.ts';

/** Sizes that a plan tells before anything is converted. */
let lab: FakeLab;
beforeEach(() => {
  lab = fakeLab({ bench: 'none', quants: ['Q4_K_M', 'Q2_K'] });
});
afterEach(() => lab[Symbol.dispose]());

/** An interpreter that notes each question, and lets the stand-in of the converter answer by a whole file. */
function asking(...first: string[]): LlamaCpp {
  const { converter, ...tools } = lab.tools;
  if (!converter) throw new Error('there is no converter');
  const python = lab.workspace.write(
    // Not `python`: that is a link to a stand-in.
    'bin/asking-python',
    `#!/bin/sh\ncase $1 in */headers-only.py) echo "$*" >> ${lab.workspace.path('asked')}; ${first.join('; ')} shift;; esac\nexec ${converter.python} "$@"\n`,
  );
  chmodSync(python, 0o755);
  return { ...tools, converter: { ...converter, python } };
}

const timesAsked = () => (existsSync(lab.workspace.path('asked')) ? lab.workspace.read('asked').trimEnd().split('\n').length : 0);

async function planned(tools: LlamaCpp, changes: Written = {}): Promise<Preview> {
  const { plan, facts, store } = await lab.look(changes, { tools });
  return preview(plan, facts, { store });
}

const sizesOf = ({ tasks }: Preview, ...ops: string[]) =>
  tasks.flatMap(({ id, outputs }) =>
    ops.includes(id.split(':')[0] ?? '') ? Object.entries(outputs).map(([name, size]) => ({ id, name, ...size })) : [],
  );

describe('where the converter can be asked', () => {
  test('sizes are exact', async () => {
    const known = sizesOf(await planned(asking()), 'convert', 'quantize', 'logits');
    expect(known.map(({ id, exact }) => [id, exact])).toEqual([
      ['convert', true],
      ['logits', true],
      ['quantize:Q4_K_M', true],
      ['quantize:Q2_K', true],
    ]);
  });

  // Of quants only the real tools can tell: the stand-in writes less into a header.
  test('the run makes just that', async () => {
    const before = sizesOf(await planned(asking()), 'convert', 'logits');
    const { result } = await lab.run();
    const made = before.map(({ id, name }) => {
      const outcome = result.outcomes.get(id);
      return outcome?.state === 'done' ? outcome.record.outputs.find((output) => output.name === name)?.size : undefined;
    });
    expect(made).toHaveLength(2);
    expect(before.map(({ bytes }) => bytes)).toEqual(made);
  });

  test('the way that each is known is told', async () => {
    const { tasks } = await planned(asking());
    const methods = Object.fromEntries(tasks.flatMap(({ id, outputs }) => Object.values(outputs).map(({ method }) => [id, method])));
    expect(methods).toEqual({
      convert: 'converter',
      imatrix: 'headers',
      logits: 'headers',
      'quantize:Q4_K_M': 'dry run',
      'quantize:Q2_K': 'dry run',
    });
  });

  test('it is asked once in a plan', async () => {
    await planned(asking());
    expect(timesAsked()).toBe(1);
  });

  test('it is not asked for what is made, nor for what is made of it', async () => {
    await lab.run();
    await planned(asking(), { quants: ['Q4_K_M', 'Q8_0'], evaluate: { text: 'evaluation.txt', context: 32, chunks: 7 } });
    expect(timesAsked()).toBe(0);
  });

  test('it is asked again for what was made and not kept', async () => {
    await lab.run({ keep: 'none' });
    const again = sizesOf(await planned(asking(), { quants: ['Q3_K_M'] }), 'quantize');
    expect([timesAsked(), again.map(({ exact }) => exact)]).toEqual([1, [true]]);
  });

  test('what a dry run shows to fail is told before anything is converted', async () => {
    const { tasks } = await planned(asking(), { quants: [{ type: 'Q4_0', tensors: { 'no\\.such\\.tensor': 'Q8_0' } }] });
    expect(tasks.find(({ id }) => id === 'quantize:Q4_0')?.problem).toContain('matches no tensor');
  });

  test('a quant is not exact whose types an importance matrix may still change', async () => {
    const raising = { imatrix: { text: 'calibration.txt', chunks: 4, missing: 'raise' } };
    expect(sizesOf(await planned(asking(), raising), 'quantize').map(({ exact }) => exact)).toEqual([false, false]);
  });

  test('it is left alone by who only wants to know about', async () => {
    const { plan, facts, store } = await lab.look({}, { tools: asking() });
    const { disk } = await preview(plan, facts, { store, askConverter: false });
    expect([timesAsked(), disk.exact]).toEqual([0, false]);
  });
});

describe('estimates stand in, and are marked,', () => {
  test.each([
    ['where no converter is set up', () => ({ ...lab.tools, converter: null })],
    ['where the conversion looks at weights', () => asking('exit 3;')],
  ])('%s', async (_where, tools) => {
    const known = sizesOf(await planned(tools()), 'convert', 'quantize');
    expect(known.map(({ method, exact }) => [method, exact])).toEqual(known.map(() => ['headers', false]));
    expect(known).toHaveLength(3);
  });
});
