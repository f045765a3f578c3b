import { MessageChannel } from 'node:worker_threads';

/** A port that is closed still takes over what it is sent, and drops it. */
const nowhere = closedPort();

/**
 * Gives the memory of bytes back that nobody uses any more. They are empty afterwards. The collector does it too, but when hundreds of megabytes
 * come each second, it goes through everything that the process holds several times a second.
 */
export function release({ buffer, byteOffset, length }: Buffer): void {
  // What ends before its memory does may have a neighbour that is still to be read.
  const isLast = byteOffset + length === buffer.byteLength;
  // Small buffers of Node's lie together in one memory.
  const isTheirOwn = buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize;
  if (isLast && isTheirOwn) nowhere.postMessage(null, [buffer]);
}

function closedPort() {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
