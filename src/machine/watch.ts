import { type BusyTime, readBusyTime } from './busy.ts';
import { type MachineState, readState } from './state.ts';

/** How the machine was while something was measured. */
export interface Watched {
  from: MachineState;
  to: MachineState;
  /** Cores that others kept busy meanwhile, on average; null where the system does not say. */
  othersBusy: number | null;
}

/** Looks at the machine before and after a measurement. */
export async function watched<T>(measure: () => Promise<T>): Promise<{ measured: T; machine: Watched }> {
  const from = await readState();
  const [started, before] = [performance.now(), readBusyTime()];
  const measured = await measure();
  const [seconds, after] = [(performance.now() - started) / 1000, readBusyTime()];
  return { measured, machine: { from, to: await readState(), othersBusy: busyOthers(before, after, seconds) } };
}

/** Cores. */
export function busyOthers(before: BusyTime | null, after: BusyTime | null, seconds: number): number | null {
  if (!before || !after) return null;
  const others = after.all - before.all - (after.own - before.own);
  return Math.max(0, others / seconds);
}
