import { UserError } from '../errors.ts';
import { decimalSize } from '../report/format.ts';
import { type Base, chooseBase, usableMemory } from './base.ts';
import { type Calibration, chooseCalibration, whyNoMatrix } from './calibration.ts';
import type { Choice, Keep, Surroundings, Text, Wishes } from './choice.ts';
import { type Looks, makesFiles } from './looks.ts';
import { chooseMeasuring, type Measuring } from './measuring.ts';
import { chooseCompared, chooseQuants } from './quants.ts';
import { whyModel, whyRequantize } from './reasons.ts';
import { chooseRoom } from './room.ts';
import { chooseSamples, type Sampled } from './samples.ts';
import { type Benched, chooseBench } from './speed.ts';
import { typeSizes } from './type-sizes.ts';

/** All that a pipeline says, each with its reason. */
export interface Choices {
  model: Choice<null>;
  base: Choice<Base>;
  imatrix: Choice<Calibration | null>;
  quants: Choice<string[]>;
  compare: Choice<string[]>;
  evaluate: Measuring;
  samples: Sampled;
  bench: Benched;
  keep: Choice<Keep>;
  /** Null where the source is not quantized. */
  requantize: Choice<true> | null;
  /** What the person should know before they begin, in sentences. */
  remarks: string[];
}

/** Measuring may take so long unless a person says otherwise, benchmarks a third of it, and samples a twelfth. */
const hour = 3600;

/** Decides a pipeline. Reads nothing: the same values give the same choices. Throws UserError for wishes that cannot be fulfilled. */
export function choose(looks: Looks, around: Surroundings, wishes: Wishes = {}): Choices {
  const sizeOf = typeSizes(looks, around);
  const base = chooseBase(looks, sizeOf, around.memoryBytes);
  if (base.value === null && !makesFiles(looks)) throw new UserError(tooLarge(looks, around));
  const noMatrix = whyNoMatrix(looks, base.value, wishes.calibration);
  const calibration = noMatrix === null ? textFor(wishes.calibration, around.texts.calibration) : null;
  const quants = chooseQuants(looks, around, wishes, { base: base.value, hasImatrix: calibration !== null, sizeOf });
  const compare = makesFiles(looks) ? nothing : chooseCompared(looks, wishes);
  const standIn = base.value === 'auto' ? null : base.value;
  const compared = looks.finished.filter(({ name }) => compare.value.includes(name)).map(({ bytes }) => bytes);
  const files = [standIn === null ? looks.fullBytes : sizeOf(standIn), ...quants.value.map(sizeOf), ...compared];
  const bench = chooseBench(looks, around, wishes, base.value === null ? [] : files, hour / 3);
  const samples = chooseSamples(looks, around, base.value === null ? [] : files, hour / 12);
  const measuring = chooseMeasuring(looks, wishes, {
    ...around,
    text: base.value === null ? null : textFor(wishes.evaluation, around.texts.evaluation),
    whyNot: base.value === null ? base.why : 'As you said. `default`, `wikitext-2` or a text of yours is measured.',
    calibration,
    files: files.length,
    seconds: hour - bench.seconds - samples.seconds,
  });
  const room = chooseRoom(looks, wishes, {
    ...around,
    sizeOf,
    recordedBytes: measuring.bytes,
    standIn,
    quants: quants.value,
    hasBench: bench.value !== null || samples.value !== null,
    comparedBytes: compared.reduce((total, bytes) => total + bytes, 0),
  });
  const { value: roomy, why, short } = room;
  return {
    model: { value: null, why: whyModel(looks) },
    base,
    imatrix: calibration
      ? chooseCalibration(looks, base.value, calibration, measuring.calibrationChunks)
      : { value: null, why: noMatrix ?? '' },
    quants: { ...quants, value: roomy.quants },
    compare,
    evaluate: measuring,
    samples:
      samples.value !== null && !roomy.hasBench
        ? { value: null, seconds: 0, why: 'Not asked, see `keep`. `default` asks all files some prompts.' }
        : samples,
    bench:
      bench.value !== null && !roomy.hasBench
        ? { value: null, seconds: 0, why: 'Not measured, see `keep`. `default` measures it.' }
        : bench,
    keep: { value: roomy.keep, why },
    requantize: looks.quantized !== null && makesFiles(looks) ? { value: true, why: whyRequantize(looks.quantized) } : null,
    remarks: [...(base.value === null ? [base.why] : []), ...(short === null ? [] : [short])],
  };
}

const nothing: Choice<string[]> = { value: [], why: '' };

function tooLarge({ fullBytes, finished }: Looks, { memoryBytes }: Surroundings): string {
  const room = usableMemory(memoryBytes);
  const smaller = finished.filter(({ bytes }) => bytes <= room).map(({ name }) => name);
  const instead = smaller.length > 0 ? `name one that fits, such as ${smaller.slice(0, 3).join(', ')}` : 'measure it on a larger machine';
  return `the file (${decimalSize(fullBytes)}) does not fit into 80 % of this machine's memory (${decimalSize(room)}), so that nothing can be measured against it: ${instead}`;
}

function textFor(wish: Text | 'none' | undefined, offered: Text[]): Text | null {
  return wish === 'none' ? null : (wish ?? offered[0] ?? null);
}
