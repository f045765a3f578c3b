import { handOn, type Sink } from './hand-on.ts';
import { type Patience, patiently } from './patiently.ts';
import { HubFailure } from './problems.ts';
import { Interruption } from './refusal.ts';
import type { Range, Source } from './source.ts';

/** Brings exactly these bytes; after a cut it goes on at the next one. */
export async function receive(source: Source, range: Range, sink: Sink, patience: Patience): Promise<void> {
  let at = range.start;
  await patiently(async (gained) => {
    const answer = await source.open({ start: at, end: range.end }, patience.signal);
    const { url } = answer;
    await handOn(answer, (bytes) => {
      if (at + bytes.length > range.end) throw tooMuch(source, url);
      gained();
      at += bytes.length;
      return sink(bytes);
    });
    if (at < range.end)
      throw new Interruption(`${url.host}: the answer ended after ${at - range.start} of ${range.end - range.start} bytes`);
  }, patience);
}

function tooMuch({ file }: Source, url: URL): HubFailure {
  return new HubFailure('range-refused', `${url.host} sends more of ${file.path} than it was asked for`);
}
