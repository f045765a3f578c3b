import { f32, ggufHead, type KeyValue, stringsValue, stringValue, type TensorInfo, u32Value } from './write.ts';

/** An importance matrix of one entry, for a tensor that no model has: a dry run asks only whether there is one. */
export function emptyImatrix(): Buffer {
  const tensors: TensorInfo[] = [
    { name: 'none.weight.in_sum2', shape: [1, 1], type: 'F32' },
    { name: 'none.weight.counts', shape: [1, 1], type: 'F32' },
  ];
  const keys: KeyValue[] = [
    ['general.type', stringValue('imatrix')],
    ['imatrix.datasets', stringsValue(['calibration.txt'])],
    ['imatrix.chunk_count', u32Value(1)],
    ['imatrix.chunk_size', u32Value(512)],
  ];
  const one = Buffer.concat([f32(1), Buffer.alloc(28)]);
  return Buffer.concat([ggufHead(keys, tensors), one, one]);
}
