import { join } from 'node:path';
import { findOddWeight, floatTypes } from '../gguf/safetensors-values.ts';
import { type Here, isOnHub, type Pipeline } from '../pipeline/pipeline.ts';
import { convertedType } from '../plan/base.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { adapterMisfits } from './adapter-fit.ts';
import { type AdapterLook, lookAtAdapter } from './adapter-look.ts';
import { rowProblems } from './adapter-rows.ts';
import { quantizationOf } from './model-config.ts';

/**
 * Whether an adapter can be merged into its model, and comes out as it was trained: told before hours of work, from headers, small files and the
 * adapter's own weights. What is on the Hub has to be located first. Throws UserError or Failure for a folder that holds no adapter.
 */
export function adapterProblems(pipeline: Pipeline): PlanProblem[] {
  const { model } = pipeline;
  const { adapter } = model;
  if (adapter === null || isOnHub(adapter) || isOnHub(model)) return [];
  const look = lookAtAdapter(model, adapter);
  const misfits = [...baseIsQuantized(look), ...adapterMisfits(look)];
  const found = misfits.length > 0 ? misfits : [...rowProblems(look), ...oddWeights(look, adapter, convertedType(pipeline) === 'f16')];
  return found.map((problem) => ({ at: '/model/adapter', ...problem }));
}

type Unplaced = Omit<PlanProblem, 'at'>;

/** An adapter trained on 4 bits (QLoRA) belongs into the weights that these were made from. */
function baseIsQuantized({ model }: AdapterLook): Unplaced[] {
  const quantized = quantizationOf(model.config);
  if (quantized === null) return [];
  const message = `an adapter is merged into weights at full precision, and this model is quantized already (${quantized})`;
  return [{ message, fix: 'name the model that it was made from' }];
}

/** Of pickled weights the merge itself tells. */
function oddWeights({ selection, tensors }: AdapterLook, { path }: Here, toF16: boolean): Unplaced[] {
  if (!selection.weights.endsWith('.safetensors')) return [];
  const strange = tensors.find(({ dtype }) => !floatTypes.includes(dtype));
  if (strange)
    return [{ message: `the adapter's ${strange.name} is stored as ${strange.dtype}`, fix: 'save the adapter again as F32, BF16 or F16' }];
  const odd = findOddWeight(join(path, selection.weights));
  if (odd === null) return [];
  if (odd.value !== 'beyond F16')
    return [
      { message: `the adapter's ${odd.tensor} holds ${odd.value}: its training went astray`, fix: 'take an earlier checkpoint of it' },
    ];
  if (!toF16) return [];
  return [
    {
      message: `the adapter's ${odd.tensor} holds values beyond F16's range, and the model is converted to F16`,
      fix: 'say `convert: { type: bf16 }`',
    },
  ];
}
