import type { Pipeline } from '../pipeline/pipeline.ts';
import { baseType } from './base.ts';
import { imatrixInWords } from './imatrix-in-words.ts';
import { benchThreads } from './measure/speed.ts';
import type { Conditions, Facts } from './task.ts';

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
