import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { ownOutput } from '../../support/own-output.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;

beforeEach(() => {
  space = workspace();
  writeTinyModel(space);
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_TOKEN_PATH']) vi.stubEnv(name, '');
  vi.stubEnv('HF_HOME', space.path('home'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  space[Symbol.dispose]();
});

describe('before hours of work whose end would be a refusal', () => {
  const run = async (publish: string, ...flags: string[]) => {
    const output = ownOutput();
    const file = space.write('x.yaml', `model: ./model\nquants: Q4_K_M\nevaluate: none\nimatrix: none\nbench: none\npublish: ${publish}\n`);
    return { code: await main(['run', file, '--out', space.path('out'), ...flags]), ...output };
  };

  test('a run that publishes to a repo asks for a token', async () => {
    const { code, stderr } = await run('me/mine');
    expect(code).toBe(2);
    expect(stderr).toContain('publishing needs a token with write rights');
    expect(stderr).toContain('there is none in HF_TOKEN');
  });

  test('and is refused without a network', async () => {
    const { code, stderr } = await run('me/mine', '--offline');
    expect(code).toBe(2);
    expect(stderr).toContain('allows nothing to be published to me/mine');
  });
});

describe('qpipe publish', () => {
  const publish = async (...args: string[]) => {
    const output = ownOutput();
    return { code: await main(['publish', ...args, '--out', space.path('out')]), ...output };
  };

  test('of a run that is not there says where it looked', async () => {
    expect(await publish('nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no run nothing') });
  });
});
