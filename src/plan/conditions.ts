import type { Pipeline } from '../pipeline/pipeline.ts';
import { baseType } from './base.ts';
import type { Conditions, Facts } from './task.ts';
import { benchThreads } from './task-maker.ts';

export function conditionsOf(pipeline: Pipeline, facts: Facts): Conditions {
  const { evaluate, bench, tools } = pipeline;
  return {
    base: baseType(pipeline, facts),
    build: facts.tools.build.description,
    buildId: facts.tools.build.id,
    version: facts.tools.version,
    origin: facts.tools.origin,
    converter: facts.tools.converter?.description ?? null,
    imatrix: imatrixInWords(pipeline, facts),
    evaluation:
      evaluate && facts.evaluation
        ? { text: evaluate.text.name, sha256: facts.evaluation.sha256, context: evaluate.context, chunks: evaluate.chunks }
        : null,
    bench: bench ? { prompt: bench.prompt, generate: bench.generate, rounds: bench.rounds, threads: benchThreads(pipeline, facts) } : null,
    gpuLayers: tools.gpuLayers,
    args: tools.args as Record<string, string[]>,
    machine: facts.machine,
    platform: facts.platform,
  };
}

function imatrixInWords({ imatrix }: Pipeline, facts: Facts): string | null {
  if (!imatrix || facts.model.notCausal) return null;
  if (imatrix.kind === 'file') return facts.imatrix?.name ?? null;
  const from = imatrix.from === 'base' ? '' : `, on ${imatrix.from}`;
  return `${imatrix.text.name}, ${imatrix.chunks} chunks of 512${from}`;
}
