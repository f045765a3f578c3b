import type { Choice, Surroundings, Wishes } from './choice.ts';
import { answerSpeed, promptSpeed, roughly } from './guesses.ts';
import type { Looks } from './looks.ts';

interface Bench {
  prompt: number;
  generate: number;
  rounds: number;
}

export interface Benched extends Choice<Bench | null> {
  /** A guess. */
  seconds: number;
}

/** By falling length. Six rounds are the fewest that give an interval. */
const settings: Bench[] = [
  { prompt: 512, generate: 128, rounds: 6 },
  { prompt: 128, generate: 32, rounds: 6 },
];

/** Each test runs twice, and the first run does not count. */
const runsPerTest = 2;

/** @param files bytes of each file that is measured; none when nothing fits into memory @param seconds what it may take */
export function chooseBench(
  looks: Looks,
  { cores }: Pick<Surroundings, 'cores'>,
  { bench }: Wishes,
  files: number[],
  seconds: number,
): Benched {
  if (bench === false) return { value: null, seconds: 0, why: 'As you said. `default` measures speed on this machine.' };
  if (files.length === 0) return { value: null, seconds: 0, why: 'No file that could be measured fits into memory here.' };
  const costs = (setting: Bench) => secondsOf(setting, looks, cores, files);
  const [first, last] = [settings[0], settings.at(-1)] as [Bench, Bench];
  const value = settings.find((setting) => costs(setting) <= seconds) ?? (bench ? last : null);
  if (value === null)
    return {
      value,
      seconds: 0,
      why: `Speed is not measured: even short prompts and answers would take about ${roughly(costs(last))} here, a guess. \`default\` measures it all the same, { quants: [Q4_K_M] } a row alone.`,
    };
  return {
    value,
    seconds: costs(value),
    why: [
      `Speed on this machine, alone on it: a guess is ${roughly(costs(value))}.`,
      ...(value === first
        ? []
        : [`Shorter than usual (${first.prompt} and ${first.generate} tokens), which would take ${roughly(costs(first))}.`]),
      '`quants: [Q4_K_M]` measures some rows, `none` leaves it out. Flag: --no-bench.',
    ].join(' '),
  };
}

function secondsOf({ prompt, generate, rounds }: Bench, looks: Looks, cores: number, files: number[]): number {
  const each = files.map((bytes) => prompt / promptSpeed(looks, cores) + generate / answerSpeed(looks, bytes, cores));
  return rounds * runsPerTest * each.reduce((total, one) => total + one, 0);
}
