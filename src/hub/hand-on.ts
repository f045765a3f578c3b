import { type Answer, interruption } from './network.ts';

/** Takes bytes in their order, which are its own from then on; never the same ones twice, and none while what it returned is not done. */
export type Sink = (bytes: Buffer) => Promise<void> | void;

/**
 * Hands each piece of a body on as it comes off the network: what waits in a queue grows old, and old memory is dear to collect.
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
          if (!working) return;
          body.pause();
          work = working.then(() => void body.resume(), fail);
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
