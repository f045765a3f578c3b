import { metricNamed, metrics } from '../gates/metric.ts';
import type { Gate, GateLimit, GateReference, GateSettings } from './gate.ts';
import { amountOf } from './gate-amount.ts';
import type { WrittenGate, WrittenGates } from './written-gates.ts';

export interface GateSurroundings {
  /** The usual gates of a fine-tune are on unless something else is written. */
  isFineTune: boolean;
  /** Name of the first evaluation text, which needs none in a gate. */
  firstText: string | null;
  /** A path as it was written to an absolute one. */
  here(path: string, at: string): string;
}

/** Gates as a person wrote them, complete. What the schema has refused is not there. */
export function gateSettings(written: WrittenGates | undefined, around: GateSurroundings): GateSettings {
  const list = written === undefined ? (around.isFineTune ? ['default' as const] : []) : Array.isArray(written) ? written : [written];
  const settings: GateSettings = { own: [], fineTune: null };
  for (const [i, one] of list.entries()) {
    const at = Array.isArray(written) ? `/gates/${i}` : '/gates';
    if (one === 'none') continue;
    if (one === 'default') settings.fineTune = { baseline: { is: 'firstGood' }, at };
    else if (one.default) settings.fineTune = { baseline: baselineOf(one, at, around), at };
    else settings.own.push(...gateOf(one, at, around));
  }
  return settings;
}

function baselineOf({ baseline }: WrittenGate, at: string, around: GateSurroundings): GateReference {
  return baseline === undefined ? { is: 'firstGood' } : referenceOf(baseline, `${at}/baseline`, around);
}

function gateOf(written: WrittenGate, at: string, around: GateSurroundings): Gate[] {
  const named = metricNamed(written.metric ?? '');
  const limit = named && limitOf(written, metrics[named.name].unit, at, around);
  if (!named || !limit) return [];
  const { quant, confidence = 0.95, level = 'fail' } = written;
  const text = written.text ?? named.text;
  return [
    {
      metric: named.name,
      depth: named.depth,
      rows: quant === undefined ? 'shipped' : [quant].flat(),
      text: text === around.firstText ? null : text,
      limit,
      confidence,
      level,
      at,
    },
  ];
}

function limitOf(written: WrittenGate, unit: Parameters<typeof amountOf>[1], at: string, around: GateSurroundings): GateLimit | null {
  const { max, min, vs, maxIncrease, maxDecrease } = written;
  const amount = vs === undefined ? (max ?? min) : (maxIncrease ?? maxDecrease);
  const read = amount === undefined ? null : amountOf(amount, unit, vs !== undefined);
  if (!read?.ok) return null;
  if (vs === undefined) return { kind: 'bound', value: read.value };
  return { kind: 'change', most: read.value, relative: read.relative, vs: referenceOf(vs, `${at}/vs`, around) };
}

function referenceOf(vs: NonNullable<WrittenGate['vs']>, at: string, { here }: GateSurroundings): GateReference {
  if (typeof vs !== 'string' && 'median' in vs) return { is: 'median', of: vs.median };
  if (typeof vs !== 'string') return { is: 'table', id: isPath(vs.table) ? here(vs.table, `${at}/table`) : vs.table };
  if (vs === 'lastGood' || vs === 'firstGood') return { is: vs };
  return { is: 'run', named: isPath(vs) ? here(vs, at) : vs };
}

/** Everything else is a name. */
function isPath(written: string): boolean {
  return written.includes('/') || /\.(json|ya?ml)$/.test(written) || written.startsWith('~');
}
