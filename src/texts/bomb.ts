/** Up to here nobody is harmed, whatever the ratio. */
const harmlessBytes = 64 << 20;

/** Ten times what the most repetitive of texts, a log, comes to with deflate. A zip bomb has 1000, the most that deflate can do. */
const highestRatio = 200;

/** Whether packed bytes claim to become more than any text would. */
export function isBomb(packedBytes: number, unpackedBytes: number): boolean {
  return unpackedBytes > harmlessBytes && unpackedBytes > packedBytes * highestRatio;
}
