import type { Results } from '../results/schema.ts';

/** Everything that a table or a chart must not be copied without, in one line. */
export function conditionsLine(results: Results): string {
  return [ofQuality(results), ofSpeed(results), ofTools(results)].flat().join(' · ');
}

/** For numbers that no machine's speed is in. */
export function qualityConditions(results: Results): string {
  return [ofQuality(results), ofTools(results)].flat().join(' · ');
}

/** For numbers that no evaluation text is in. */
export function speedConditions(results: Results): string {
  return [[ofModel(results)], ofSpeed(results), ofTools(results)].flat().join(' · ');
}

function ofModel({ model, conditions }: Results): string {
  return `${model}, base ${conditions.base}`;
}

function ofQuality(results: Results): string[] {
  const { evaluation, imatrix } = results.conditions;
  const text = evaluation
    ? [`on ${evaluation.text} (sha256 ${evaluation.sha256.slice(0, 12)}), ${evaluation.chunks} chunks of ${evaluation.context} tokens`]
    : [];
  return [ofModel(results), ...text, `imatrix: ${imatrix ?? 'none'}`];
}

function ofSpeed({ conditions: { bench, machine } }: Results): string[] {
  const rounds = bench
    ? [`pp${bench.prompt} and tg${bench.generate}, ${bench.rounds} rounds, ${bench.threads} thread${bench.threads === 1 ? '' : 's'}`]
    : [];
  return [...rounds, `${machine.cpu} (${machine.cores} cores, ${machine.os})`];
}

function ofTools({ conditions: { build, buildId, gpuLayers, args }, run }: Results): string[] {
  const extra = Object.entries(args).map(([tool, list]) => `${tool} ${list.join(' ')}`);
  const layers = gpuLayers === null ? [] : [`${gpuLayers} layers on the GPU`];
  return [`llama.cpp ${build} (${buildId.slice(0, 12)})`, ...layers, ...extra, `run ${run.id}, qpipe ${run.qpipe}`];
}
