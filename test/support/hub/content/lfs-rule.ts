const alwaysLarge = /\.(safetensors|gguf|bin|zip|parquet)$|(^|\/)tokenizer\.model$/;
const largestRegular = 10_000_000;

/** Whether the Hub keeps a file in its large-file storage. Empty files never go there: the storage refuses them. */
export function isLfs(path: string, size: number): boolean {
  return size > 0 && (size > largestRegular || alwaysLarge.test(path));
}
