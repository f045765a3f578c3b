import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fitParamsArgs } from '../../src/tools/fit-params.ts';
import { memoryCases, writeModel } from '../support/memory-cases.ts';
import { realTools } from '../support/real-lab.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

/** The recorded numbers that the unit tests hold estimates against are those of the tool. */
let space: Workspace;
let program: string;
beforeAll(async () => {
  space = workspace();
  program = join(dirname((await realTools(false)).binaries.completion), 'llama-fit-params');
});
afterAll(() => space[Symbol.dispose]());

test.each(memoryCases)('$model: $context tokens in $kvType, $ubatch at once, flash attention $flashAttention', (one) => {
  const { model, context, ubatch, kvType, flashAttention, printed } = one;
  writeModel(space.path('model.gguf'), model);
  const args = fitParamsArgs({ model: 'model.gguf', context, ubatch, kvType: kvType.toLowerCase(), gpuLayers: null });
  const attention = args.map((arg) => (arg === 'auto' ? (flashAttention ? 'on' : 'off') : arg));
  const said = execFileSync(program, attention, { cwd: space.root, env: {}, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  expect(said.trim().split('\n').at(-1)).toBe(`Host ${printed} `.trim());
});
