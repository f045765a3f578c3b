import type { UnevenRows } from './looks.ts';

/** A tensor as a GGUF has it: the row length first. */
export interface Shape {
  name: string;
  shape: number[];
}

/** Blocks of K and most I types. */
const block = 256;

export function weightsIn(tensors: Shape[]): number {
  return sum(tensors.map(elements));
}

/** Weights that one token is multiplied with: of the experts only those that it is sent to, of the embeddings a row, unless they serve as output too. */
export function activeWeights(tensors: Shape[], { experts, used }: { experts: number; used: number }): number {
  const share = experts > 1 ? Math.min(1, used / experts) : 1;
  const isTied = !tensors.some(({ name }) => name.startsWith('output.'));
  return sum(
    tensors.map((tensor) => {
      if (tensor.name.startsWith('token_embd.') && !isTied) return 0;
      return /_exps\b|experts/.test(tensor.name) ? elements(tensor) * share : elements(tensor);
    }),
  );
}

/** Rows that K types cannot hold: llama-quantize falls back to larger types there. */
export function unevenRows(tensors: Shape[]): UnevenRows | null {
  const matrices = tensors.filter(({ name, shape }) => shape.length > 1 && !name.includes('ffn_gate_inp'));
  const uneven = matrices.filter(({ shape }) => (shape[0] ?? 0) % block !== 0);
  const row = uneven[0]?.shape[0];
  return row === undefined ? null : { share: weightsIn(uneven) / weightsIn(matrices), row };
}

/** Several weights in one number, as formats of quantized weights have them; numbers about the weights count as none. */
export function unpacked({ name, shape }: Shape, bits: number): Shape[] {
  if (/(_scales?|_scale_inv|\.scales|\.qzeros|\.g_idx|_shape|_zero_point)$/.test(name)) return [];
  const perNumber = /\.(qweight|weight_packed)$/.test(name) ? 32 / bits : name.endsWith('_blocks') ? 2 : 1;
  return [{ name, shape: [...shape, perNumber] }];
}

function elements({ shape }: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
