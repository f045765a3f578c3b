import { type Answer, interruption } from './network.ts';
import { release } from './release.ts';

/**
 * Takes bytes in their order, and never sees one twice. It must have done with them when it returns, or when what it returns resolves: their memory
 * is given back then.
 */
export type Sink = (bytes: Buffer) => Promise<void> | void;

/**
 * Hands each piece of a body on as it comes off the network, and releases it. One that waits in a queue grows old, and old memory is dear to collect.
 * What the sink throws passes through; other failures are the network's.
 */
export async function handOn({ body, url }: Answer, sink: Sink): Promise<void> {
  let work = Promise.resolve();
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown) => {
        // Destroyed alone it would still empty its queue.
        body.pause();
        body.destroy();
        reject(error);
      };
      body.on('data', (bytes: Buffer) => {
        try {
          const working = sink(bytes);
          if (working) body.pause();
          // Not before whoever emits the bytes has done with them too.
          work = Promise.resolve(working).then(() => {
            release(bytes);
            if (working) body.resume();
          }, fail);
        } catch (error) {
          fail(error);
        }
      });
      body.once('end', resolve);
      body.once('error', (error) => reject(interruption(error, url)));
      body.once('close', () => reject(interruption(new Error('the answer was closed'), url)));
    });
  } finally {
    body.destroy();
    // A second try shall not begin while the sink is at work.
    await work;
  }
}
