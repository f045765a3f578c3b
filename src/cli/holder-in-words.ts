import type { Holder } from '../store/lock.ts';

/** Who holds a lock: `process 4711 on pi, since 2026-11-21 02:30 UTC`. */
export function holderInWords(holder: Holder | null): string {
  return holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since.slice(0, 16).replace('T', ' ')} UTC` : 'another process';
}
