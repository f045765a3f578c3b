import { describe, expect, test } from 'vitest';
import { report } from '../../../../src/report/index.ts';
import type { MachineState } from '../../../../src/results/schema.ts';
import { resultsWith, rowWith } from '../../../support/results.ts';

const row = rowWith('Q4_0', 570_000_000, 0.028, 91.9);
const noisy = resultsWith([{ ...row, ...(row.generationSpeed ? { generationSpeed: { ...row.generationSpeed, noisy: true } } : {}) }]);
const quiet: MachineState = { governor: null, power: null, temperature: null, frequency: null, loadAverage: null, othersBusy: 0.04 };

function pageWith(state: MachineState | undefined): string {
  return report({ ...noisy, conditions: { ...noisy.conditions, machine: { ...noisy.conditions.machine, cores: 4 }, state } }, 'html');
}

describe('of a noisy speed the first lines say what was seen meanwhile, and no cause', () => {
  test.each<[string, MachineState | undefined, string]>([
    ['nobody else busy', quiet, 'Seen meanwhile: other programs kept at most 0.0 of 4 cores busy.'],
    [
      'others busy, heat, battery',
      { ...quiet, othersBusy: 2.44, temperature: { lowest: 51, highest: 83.2 }, power: 'battery' },
      'Seen meanwhile: other programs kept at most 2.4 of 4 cores busy, the processor was at up to 83 °C, it ran on battery.',
    ],
    ['a system that does not tell', { ...quiet, othersBusy: null }, 'Seen meanwhile: who else was busy the system does not tell.'],
    ['nothing looked at', undefined, 'How the machine was meanwhile was not looked at.'],
  ])('%s', (_what, state, words) => {
    expect(pageWith(state)).toContain(`The speed of 1 file is noisy: rounds spread by more than 5 %. ${words}`);
  });
});
