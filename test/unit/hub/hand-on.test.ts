import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { handOn } from '../../../src/hub/hand-on.ts';
import { Network } from '../../../src/hub/network.ts';
import { hubSite } from '../../../src/hub/site.ts';
import { sha256, someBytes } from '../../support/hub-lab.ts';

const bytes = someBytes(3_000_000);

describe('a body', () => {
  let server: Server;
  let network: Network;
  let url: URL;

  beforeEach(async () => {
    // Without a length: many pieces, of which several lie in one packet.
    server = createServer((_, response) => {
      for (let at = 0; at < bytes.length; at += 10_007) response.write(bytes.subarray(at, at + 10_007));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    network = new Network(hubSite({}, { HF_ENDPOINT: url.href, HF_HOME: '/nowhere' }));
  });

  afterEach(async () => {
    await network.close();
    server.closeAllConnections();
    server.close();
  });

  test('comes whole and in order, to a sink that is quick, slow, or now this and now that', async () => {
    for (const isSlow of [() => false, () => true, (n: number) => n % 3 === 0]) {
      const pieces: Buffer[] = [];
      let atWork = false;
      const takeLater = async (piece: Buffer) => {
        atWork = true;
        await turn();
        pieces.push(piece);
        atWork = false;
      };
      await handOn(await network.send({ url }), (piece) => {
        expect(atWork).toBe(false);
        if (isSlow(pieces.length)) return takeLater(piece);
        pieces.push(piece);
      });
      expect(sha256(Buffer.concat(pieces))).toBe(sha256(bytes));
    }
  });

  test('ends with what the sink throws, which sees nothing more', async () => {
    for (const fail of [() => Promise.reject(new Error('the disk is full')), () => thrown('the disk is full')]) {
      let calls = 0;
      const answer = await network.send({ url });
      const sink = () => {
        calls++;
        return fail();
      };
      await expect(handOn(answer, sink)).rejects.toThrow(/^the disk is full$/);
      expect([calls, answer.body.destroyed]).toEqual([1, true]);
    }
  });
});

function thrown(message: string): never {
  throw new Error(message);
}
