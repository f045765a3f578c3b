import type { Watched } from '../machine/watch.ts';
import type { MachineState } from './schema.ts';

/** Above this share of the cores others are taken for a disturbance. */
const busyShare = 0.3;

/** Degrees Celsius: a processor that is warmer before it begins may soon be held back. */
const warm = 60;

/** How the machine was over all measurements of speed; null without any. */
export function machineStateOf(seen: Watched[]): MachineState | null {
  const states = seen.flatMap(({ from, to }) => [from, to]);
  const [first] = states;
  if (!first) return null;
  const range = (read: (state: Watched['from']) => number | null) => {
    const values = states.flatMap((state) => read(state) ?? []);
    return values.length === 0 ? null : { lowest: Math.min(...values), highest: Math.max(...values) };
  };
  const others = seen.flatMap(({ othersBusy }) => othersBusy ?? []);
  return {
    governor: first.governor,
    power: states.some(({ power }) => power === 'battery') ? 'battery' : first.power,
    temperature: range(({ temperature }) => temperature),
    frequency: range(({ frequency }) => frequency),
    loadAverage: range(({ loadAverage }) => loadAverage),
    othersBusy: others.length === 0 ? null : Math.max(...others),
  };
}

/** Conditions under which speeds are not what they could be, in sentences. */
export function machineNotes(seen: Watched[], cores: number): string[] {
  const busy = seen.map((one) => one.othersBusy ?? one.from.loadAverage);
  const disturbed = busy.filter((count) => count >= busyShare * cores);
  const heated = seen.flatMap(({ from }) => ((from.temperature ?? 0) >= warm ? [from.temperature ?? 0] : []));
  const onBattery = seen.some(({ from, to }) => from.power === 'battery' || to.power === 'battery');
  return [
    ...(disturbed.length > 0
      ? [
          `Other programs kept up to ${Math.max(...disturbed).toFixed(1)} of ${cores} cores busy during ${disturbed.length} of ${seen.length} measurements of speed: the numbers may be too low.`,
        ]
      : []),
    ...(heated.length > 0
      ? [
          `The processor was at ${warm} °C or more (up to ${Math.max(...heated).toFixed(0)}) when ${heated.length} of ${seen.length} measurements of speed began.`,
        ]
      : []),
    ...(onBattery ? ['Speed was measured on battery.'] : []),
  ];
}
