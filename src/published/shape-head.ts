import { f32Value, ggufHead, type KeyValue, stringValue, type TensorInfo, u32Value } from '../gguf/write.ts';
import type { ModelShape } from './shapes.ts';

/** The header of a model of a shape in F16, as the converter would lay it out but without a vocabulary, which decides no size of a tensor. */
export function shapeHead(shape: ModelShape): { head: Buffer; tensors: TensorInfo[]; weights: number } {
  const tensors = [...inputs(shape), ...Array.from({ length: shape.layers }, (_, i) => layer(shape, `blk.${i}`)).flat(), ...outputs(shape)];
  const weights = tensors.reduce((total, tensor) => total + tensor.shape.reduce((product, size) => product * size, 1), 0);
  return { head: ggufHead(metadata(shape), tensors), tensors, weights };
}

function inputs(shape: ModelShape): TensorInfo[] {
  const factors = shape.ropeFactors ? [vector('rope_freqs', headWidth(shape) / 2)] : [];
  return [matrix('token_embd', shape.width, shape.vocabulary), ...factors];
}

function layer(shape: ModelShape, name: string): TensorInfo[] {
  const { architecture, width, heads, kvHeads, feedForward } = shape;
  const [q, kv] = [heads * headWidth(shape), kvHeads * headWidth(shape)];
  return [
    vector(`${name}.attn_norm`, width),
    matrix(`${name}.attn_q`, width, q),
    matrix(`${name}.attn_k`, width, kv),
    matrix(`${name}.attn_v`, width, kv),
    matrix(`${name}.attn_output`, q, width),
    ...(architecture === 'qwen2' ? [bias(`${name}.attn_q`, q), bias(`${name}.attn_k`, kv), bias(`${name}.attn_v`, kv)] : []),
    ...(architecture === 'qwen3' || architecture === 'gemma3'
      ? [vector(`${name}.attn_q_norm`, headWidth(shape)), vector(`${name}.attn_k_norm`, headWidth(shape))]
      : []),
    ...(architecture === 'gemma3' ? [vector(`${name}.post_attention_norm`, width), vector(`${name}.post_ffw_norm`, width)] : []),
    vector(`${name}.ffn_norm`, width),
    matrix(`${name}.ffn_gate`, width, feedForward),
    matrix(`${name}.ffn_up`, width, feedForward),
    matrix(`${name}.ffn_down`, feedForward, width),
  ];
}

function outputs({ tied, width, vocabulary }: ModelShape): TensorInfo[] {
  return [vector('output_norm', width), ...(tied ? [] : [matrix('output', width, vocabulary)])];
}

function headWidth({ headWidth: stated, width, heads }: ModelShape): number {
  return stated ?? width / heads;
}

function matrix(name: string, columns: number, rows: number): TensorInfo {
  return { name: `${name}.weight`, shape: [columns, rows], type: 'F16' };
}

function vector(name: string, length: number): TensorInfo {
  return { name: `${name}.weight`, shape: [length], type: 'F32' };
}

function bias(name: string, length: number): TensorInfo {
  return { name: `${name}.bias`, shape: [length], type: 'F32' };
}

/** What llama-quantize reads before it chooses types. */
function metadata(shape: ModelShape): KeyValue[] {
  const { architecture, vocabulary, width, layers, heads, kvHeads, feedForward } = shape;
  const key = (name: string) => `${architecture}.${name}`;
  return [
    ['general.architecture', stringValue(architecture)],
    ['general.file_type', u32Value(1)],
    [key('vocab_size'), u32Value(vocabulary)],
    [key('context_length'), u32Value(2048)],
    [key('embedding_length'), u32Value(width)],
    [key('block_count'), u32Value(layers)],
    [key('feed_forward_length'), u32Value(feedForward)],
    [key('attention.head_count'), u32Value(heads)],
    [key('attention.head_count_kv'), u32Value(kvHeads)],
    [key('attention.key_length'), u32Value(headWidth(shape))],
    [key('attention.value_length'), u32Value(headWidth(shape))],
    [key('attention.sliding_window'), u32Value(512)],
    [key('attention.layer_norm_rms_epsilon'), f32Value(1e-5)],
    [key('rope.dimension_count'), u32Value(headWidth(shape))],
  ];
}
