import { interruption } from './network.ts';
import { type Patience, patiently } from './patiently.ts';
import { HubFailure } from './problems.ts';
import { Interruption } from './refusal.ts';
import type { Range, Source } from './source.ts';

/** Takes bytes in their order. It must have done with them when it returns, and never sees a byte twice. */
export type Sink = (bytes: Buffer) => Promise<void> | void;

/** Brings exactly these bytes; after a cut it goes on at the next one. */
export async function receive(source: Source, range: Range, sink: Sink, patience: Patience): Promise<void> {
  let at = range.start;
  await patiently(async (gained) => {
    const { body, url } = await source.open({ start: at, end: range.end }, patience.signal);
    const bytes = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      for (;;) {
        // Only this is the network's: what the sink throws passes through.
        const { done, value } = await bytes.next().catch((error: unknown) => {
          throw interruption(error, url);
        });
        if (done) break;
        if (at + value.length > range.end) throw tooMuch(source, url);
        gained();
        at += value.length;
        await sink(value);
      }
    } finally {
      body.destroy();
    }
    if (at < range.end)
      throw new Interruption(`${url.host}: the answer ended after ${at - range.start} of ${range.end - range.start} bytes`);
  }, patience);
}

function tooMuch({ file }: Source, url: URL): HubFailure {
  return new HubFailure('range-refused', `${url.host} sends more of ${file.path} than it was asked for`);
}
