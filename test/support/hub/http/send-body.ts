import { once } from 'node:events';
import type { ByteSource } from './byte-source.ts';
import type { Exchange } from './exchange.ts';
import { pace } from './pace.ts';
import type { ByteRange } from './range.ts';

/** A block is read while the one before it is written: two buffers are all that an answer of any size needs. */
const blockBytes = 1 << 20;
/** Slow connections get smaller ones, so that the bytes come evenly. */
const pacedBlockBytes = 1 << 16;

/** Sends a range of the source; ends early where a fault cuts or stalls the connection. */
export async function sendBody(exchange: Exchange, source: ByteSource, { start, end }: ByteRange): Promise<void> {
  const { response, request, faults, rate } = exchange;
  const length = end - start;
  const cut = faults.take('cut', ({ after }) => after < length);
  const stall = faults.take('stall', ({ after }) => after < length);
  const flip = faults.take('flip', ({ at }) => at >= start && at < end)?.at ?? -1;
  const stop = Math.min(end, start + (cut?.after ?? length), start + (stall?.after ?? length));

  const size = Math.min(rate === null ? blockBytes : pacedBlockBytes, stop - start);
  let [block, other] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  let written = Promise.resolve();
  for (let at = start; at < stop; ) {
    const bytes = Math.min(size, stop - at);
    await source.read(block, bytes, at);
    const flipped = flip - at;
    if (flipped >= 0 && flipped < bytes) block.writeUInt8(block.readUInt8(flipped) ^ 1, flipped);
    await written;
    if (rate !== null) await pace(request.socket, bytes, rate);
    written = write(exchange, block.subarray(0, bytes));
    // Awaited only after the next block was read.
    written.catch(() => {});
    [block, other] = [other, block];
    at += bytes;
  }
  await written;
  if (cut !== undefined && stop < end) response.destroy();
  else if (stall !== undefined && stop < end) await once(response, 'close');
}

/** Resolves when the kernel has the bytes. Throws when the client is gone. */
function write({ response, log }: Exchange, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (response.destroyed) return reject(new Error('the client is gone'));
    const gone = () => reject(new Error('the client is gone'));
    response.once('close', gone);
    response.write(bytes, (error) => {
      response.off('close', gone);
      if (error) return reject(error);
      log.sent += bytes.length;
      resolve();
    });
  });
}
