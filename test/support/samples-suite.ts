import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab, Ran, Written } from './lab.ts';

const prompts = [
  { name: 'sky', text: 'Question: Why is the sky blue?\nAnswer:' },
  { name: 'snow', text: 'Question: Why does snow melt?\nAnswer:' },
];

/** Answers side by side, whichever llama.cpp gives them. The lab's model ends its answers by itself. */
export function samplesSuite(name: string, makeLab: () => Promise<Lab>): void {
  describe(name, () => {
    let lab: Lab;
    let first: Ran;
    const asking = (changes: Written = {}): Written => ({
      quants: ['Q8_0', { type: 'Q2_K', imatrix: false }],
      imatrix: 'none',
      evaluate: 'none',
      bench: 'none',
      samples: { prompts, tokens: 60, ...changes },
    });
    beforeAll(async () => {
      lab = await makeLab();
      first = await lab.run(asking());
    });
    afterAll(() => lab[Symbol.dispose]());

    const rows = ['base', 'Q8_0', 'Q2_K'];
    const samples = rows.map((row) => `samples:${row}`).sort();
    const answers = (ran: Ran, row: string) => ran.row(row).samples?.map(({ seconds, ...answer }) => answer);

    test('every row answers every prompt, and ends', () => {
      expect(first.results.prompts).toEqual({ tokens: 60, threads: expect.any(Number), template: null, prompts });
      for (const row of rows) {
        expect(first.row(row).notMeasured).not.toHaveProperty('samples');
        expect(first.row(row).samples).toMatchObject(prompts.map(({ name: prompt }) => ({ prompt, ended: true, marks: [] })));
        for (const { text, tokens, seconds } of first.row(row).samples ?? []) {
          expect(text.length).toBeGreaterThan(tokens);
          expect(tokens).toBeGreaterThan(5);
          expect(seconds).toBeGreaterThan(0);
        }
      }
    });

    test('with 8 bits as the base, with 2 otherwise from some token on', () => {
      expect(first.row('base').samples?.every((answer) => !('firstDifference' in answer))).toBe(true);
      expect(first.row('Q8_0').samples?.map(({ firstDifference }) => firstDifference)).toEqual([null, null]);
      const parted = first.row('Q2_K').samples?.find(({ firstDifference }) => firstDifference);
      const own = first.row('base').samples?.find(({ prompt }) => prompt === parted?.prompt);
      const from = parted?.firstDifference?.character ?? 0;
      expect(parted?.text.slice(0, from)).toBe(own?.text.slice(0, from));
      expect(parted?.text.slice(from)).not.toBe(own?.text.slice(from));
    });

    test('a second run asks nothing, nor does one with other names for the prompts', async () => {
      expect((await lab.run(asking())).ran).toEqual([]);
      const renamed = await lab.run(asking({ prompts: prompts.map(({ text }) => text) }));
      expect(renamed.ran).toEqual([]);
      expect(renamed.results.prompts?.prompts.map(({ name }) => name)).toEqual([
        'Question: Why is the sky blue? Answer:',
        'Question: Why does snow melt? Answer:',
      ]);
    });

    test('the same file gives the same answer when it is asked again', async () => {
      const again = await lab.run(asking(), { force: ['samples:Q2_K'] });
      expect(again.ran).toEqual(['samples:Q2_K']);
      expect(answers(again, 'Q2_K')).toEqual(answers(first, 'Q2_K'));
    });

    test('every row is asked anew when a line of the file of prompts is changed', async () => {
      lab.workspace.write('work/prompts.txt', 'Why?\n\nWhat is snow?\n');
      const ofFile = { prompts: undefined, file: 'prompts.txt' };
      expect((await lab.run(asking(ofFile))).ran).toEqual(samples);
      expect((await lab.run(asking(ofFile))).ran).toEqual([]);
      lab.workspace.write('work/prompts.txt', 'Why?\n\nWhat is rain?\n');
      const changed = await lab.run(asking(ofFile));
      expect(changed.ran).toEqual(samples);
      expect(changed.results.prompts?.prompts.map(({ text }) => text)).toEqual(['Why?', 'What is rain?']);
    });

    test('an answer that is cut has not ended, which nobody holds against it where the base has not either', async () => {
      const cut = await lab.run(asking({ tokens: 3 }));
      expect(cut.row('base').samples).toMatchObject(prompts.map(() => ({ tokens: 3, ended: false, marks: [] })));
    });

    test('another model answers too, and is compared with nothing', async () => {
      lab.workspace.write('work/other.gguf', readFileSync(lab.workspace.path('out', first.plan.pipeline, `${first.plan.model}-Q2_K.gguf`)));
      const { row } = await lab.run({ ...asking(), compare: [{ path: 'other.gguf', as: 'other' }] });
      expect(row('other').samples).toHaveLength(2);
      expect(row('other').samples?.every((answer) => !('firstDifference' in answer))).toBe(true);
    });
  });
}
