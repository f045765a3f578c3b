import type { LoadParams } from '../plan/measure/speed-params.ts';
import type { LoadResult } from '../run/operations/load.ts';
import { medianInterval } from '../stats/interval.ts';
import type { Interval, Load } from './schema.ts';

export function loadOf(params: LoadParams, result: LoadResult): Load {
  const { context, kvType, mmap } = params;
  const { warm, cold, coldNotMeasured, memory, estimate, byFit } = result;
  return {
    context,
    kvType,
    mmap,
    warm: median(warm),
    ...(cold.length > 0 ? { cold: median(cold) } : {}),
    ...(coldNotMeasured === null ? {} : { coldNotMeasured }),
    ...memory,
    estimate,
    ...(byFit ? { byFit } : {}),
  };
}

function median(values: number[]): Interval {
  const { median, low, high } = medianInterval(values);
  return { value: median, ...(low === undefined || high === undefined ? {} : { low, high }), n: values.length };
}
