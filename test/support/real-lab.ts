import { cpSync, existsSync, readFileSync } from 'node:fs';
import { findTools } from '../../src/setup/find-tools.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { repository } from './cli.ts';
import { type Lab, lab } from './lab.ts';
import type { Workspace } from './workspace.ts';

/** The llama.cpp of the user's cache, which `qpipe setup` makes. */
export function realTools(needConverter = true): Promise<LlamaCpp> {
  return findTools({ path: null, cmake: [], python: null, needConverter, offline: false }, () => {});
}

export const demo = {
  folder: `${repository}pipelines/demo`,
  pipeline: `${repository}pipelines/demo.yaml`,
  calibration: `${repository}imatrix/calibration.txt`,
  evaluation: `${repository}pipelines/demo/evaluation.txt`,
};

/** The demo model and the real llama.cpp, on few chunks. */
export async function realLab(): Promise<Lab> {
  const tools = await realTools();
  return lab((workspace) => {
    copyDemo(workspace, 'work/model');
    cpSync(demo.calibration, workspace.path('work/calibration.txt'));
    cpSync(demo.evaluation, workspace.path('work/evaluation.txt'));
    return { workspace, tools, pipeline };
  });
}

/** The model without its texts. */
export function copyDemo(workspace: Workspace, folder: string): void {
  for (const name of readFileNames()) workspace.write(`${folder}/${name}`, readFileSync(`${demo.folder}/${name}`));
}

function readFileNames(): string[] {
  const names = [
    'config.json',
    'generation_config.json',
    'model.safetensors',
    'special_tokens_map.json',
    'tokenizer.model',
    'tokenizer_config.json',
  ];
  return names.filter((name) => existsSync(`${demo.folder}/${name}`));
}

const pipeline = {
  name: 'demo',
  model: { path: 'model', name: 'Demo' },
  imatrix: { text: 'calibration.txt', chunks: 4 },
  quants: ['Q8_0', 'Q4_K_M', 'Q2_K'],
  evaluate: { text: 'evaluation.txt', context: 128, chunks: 16 },
  bench: { prompt: 16, generate: 4, rounds: 2 },
};
