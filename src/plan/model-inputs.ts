import type { FileFact } from './facts.ts';
import type { Input } from './task.ts';

/** A GGUF under its working name; shards keep their numbering, by which llama.cpp finds the next one. */
export function modelInputs(files: FileFact[], stem = 'model'): Input[] {
  if (files.length === 1) return files.map((source) => ({ name: `${stem}.gguf`, source }));
  return files.map((source, i) => ({ name: `${stem}-${shard(i + 1)}-of-${shard(files.length)}.gguf`, source }));
}

function shard(number: number): string {
  return String(number).padStart(5, '0');
}
