import type { Outgoing } from './network.ts';

export function jsonBody(value: unknown): Outgoing {
  return textBody(JSON.stringify(value));
}

export function textBody(text: string): Outgoing {
  return { bytes: Buffer.byteLength(text), open: () => text };
}

/** Read piece by piece. @param onSent told of each piece that went out */
export function blobBody(blob: Blob, onSent: (bytes: number) => void): Outgoing {
  return {
    bytes: blob.size,
    open: async function* (sent) {
      for await (const piece of blob.stream()) {
        yield piece;
        sent(piece.length);
        onSent(piece.length);
      }
    },
  };
}
