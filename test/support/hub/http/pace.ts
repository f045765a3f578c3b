import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What an idle or late connection may catch up on. Timers are late by a millisecond or two, and the rate has to hold over all. */
const slackMs = 20;

/** When each connection has paid for what it carried. */
const paidUntil = new WeakMap<Socket, number>();

/** Waits until the connection may carry the next bytes, after it carried so many at a rate. */
export async function pace(socket: Socket, bytes: number, bytesPerSecond: number): Promise<void> {
  const now = performance.now();
  const due = Math.max(paidUntil.get(socket) ?? 0, now - slackMs) + (bytes / bytesPerSecond) * 1000;
  paidUntil.set(socket, due);
  if (due > now) await sleep(due - now);
}
