import { copyFileSync, rmSync } from 'node:fs';
import { type FakeTools, fakeTools } from './fake-tools.ts';
import { type Lab, lab, type Written } from './lab.ts';
import { someText, writeTinyModel } from './tiny-model.ts';

export interface FakeLab extends Lab {
  fakes: FakeTools;
}

/** A tiny model and stand-in tools: a whole run takes a few seconds. @param changes of the pipeline, for all runs */
export function fakeLab(changes: Written = {}): FakeLab {
  const inside: { fakes: FakeTools | null } = { fakes: null };
  const made = lab((workspace) => {
    writeTinyModel(workspace, 'work/model');
    workspace.write('work/calibration.txt', someText(2200, 'calibration'));
    workspace.write('work/evaluation.txt', someText(400, 'evaluation'));
    const fakes = fakeTools(workspace.path('bin'));
    inside.fakes = fakes;
    return { workspace, tools: fakes.llamaCpp, pipeline: { ...tinyPipeline, ...changes } };
  });
  if (!inside.fakes) throw new Error('the laboratory has no stand-in tools');
  return { ...made, fakes: inside.fakes };
}

const tinyPipeline: Written = {
  name: 'tiny',
  model: { path: 'model', name: 'Tiny' },
  imatrix: { text: 'calibration.txt', chunks: 4 },
  quants: ['Q8_0', 'Q4_K_M', 'Q2_K'],
  evaluate: { text: 'evaluation.txt', context: 32, chunks: 8 },
  bench: { prompt: 8, generate: 4, rounds: 2, warmup: false },
};

/** One quant and nothing measured beyond its divergence, where that is enough. */
export const small: Written = { quants: ['Q4_K_M'], bench: 'none' };

/** With `work/tiny.gguf`, a model that nobody has to convert. Of the run that made it nothing is left. */
export async function labWithGguf(): Promise<FakeLab> {
  const made = fakeLab(small);
  const { workspace } = made;
  await made.run();
  copyFileSync(workspace.path('out/tiny/Tiny-F16.gguf'), workspace.path('work/tiny.gguf'));
  rmSync(workspace.path('out'), { recursive: true });
  return made;
}
