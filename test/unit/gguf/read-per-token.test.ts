import { expect, test } from 'vitest';
import type { Gguf, GgufTensor } from '../../../src/gguf/header.ts';
import { readPerToken } from '../../../src/gguf/read-per-token.ts';

function part(tensors: [name: string, type: string, bytes: number][], metadata: [string, number | string][] = []): Gguf {
  const whole: GgufTensor[] = tensors.map(([name, type, bytes]) => ({ name, type, bytes, shape: [bytes], offset: 0 }));
  const rest = { version: 3, keyBytes: new Map(), alignment: 32, dataOffset: 0, size: 0, tokenizer: '' };
  return { ...rest, metadata: new Map<string, number | string>([['general.architecture', 'llama'], ...metadata]), tensors: whole };
}

test('of an embedding one row; all of it where it is the output too', () => {
  const layer: [string, string, number] = ['blk.0.ffn_up.weight', 'Q4_K', 100];
  const embedding: [string, string, number] = ['token_embd.weight', 'Q6_K', 40];
  expect(readPerToken([part([embedding, layer, ['output.weight', 'Q8_0', 50]])])).toEqual({ Q4_K: 100, Q8_0: 50 });
  expect(readPerToken([part([embedding, layer])])).toEqual({ Q4_K: 100, Q6_K: 40 });
});

test('of experts those that are used, over all parts of a split model', () => {
  const first = part(
    [
      ['output.weight', 'Q8_0', 50],
      ['blk.0.ffn_up_exps.weight', 'Q4_K', 800],
    ],
    [
      ['llama.expert_count', 8],
      ['llama.expert_used_count', 2],
    ],
  );
  const second = part([
    ['blk.1.ffn_up_exps.weight', 'Q4_K', 400],
    ['blk.1.ffn_up_shexp.weight', 'Q4_K', 30],
    ['blk.1.nextn.eh_proj.weight', 'Q4_K', 77],
  ]);
  expect(readPerToken([first, second])).toEqual({ Q8_0: 50, Q4_K: 200 + 100 + 30 });
});
