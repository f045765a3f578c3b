import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dataBytes, ggufHead, stringValue, type TensorInfo } from '../../../src/gguf/write.ts';
import type { Facts } from '../../../src/plan/facts.ts';
import type { Task } from '../../../src/plan/task.ts';
import { type ConvertedHeader, convertedHeader } from '../../../src/preview/converted-header.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  vi.unstubAllEnvs();
  space[Symbol.dispose]();
});

const tensors: TensorInfo[] = [{ name: 'token_embd.weight', shape: [64, 3], type: 'F16' }];
const head = ggufHead([['general.architecture', stringValue('llama')]], tensors);
const size = head.length + dataBytes(tensors);

/** What stands in for Python: a shell script, which gets headers-only.py, the converter and its arguments. */
function interpreter(...lines: string[]): string {
  const path = space.write('python', `#!/bin/sh\nprintf '%s ' "$@" > ${space.path('arguments')}\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Writes the header, and as much of a hole behind it as is asked for. */
function converting(bytes = size): string {
  return interpreter(`cp ${space.write('head', head)} model.gguf`, `truncate -s ${bytes} model.gguf`);
}

interface Setting {
  python: string | null;
  files?: string[];
  needImatrix?: string[] | null;
  signal?: AbortSignal;
}

function ask({ python, files = ['config.json', 'model.safetensors'], needImatrix = [], signal }: Setting): Promise<ConvertedHeader | null> {
  const source = files.map((name) => ({
    name: `Tiny/${name}`,
    source: { name, path: '/not/here/yet', standIn: space.write(name, name), sha256: '', size: 0 },
  }));
  const task: Task<'convert'> = {
    id: 'convert',
    op: 'convert',
    params: { type: 'bf16', modelName: 'Tiny', args: ['--fuse-qkv'] },
    inputs: { source },
    outputs: ['model.gguf'],
    identity: {},
    exclusive: false,
    gpu: false,
  };
  const converter = python === null ? null : { python, script: '/llama.cpp/convert_hf_to_gguf.py', id: '', description: '' };
  const facts = { tools: { converter, needImatrix } } as unknown as Facts;
  return convertedHeader(task, {
    facts,
    expectedAs: () => null,
    converted: () => Promise.resolve(null),
    path: (input) => ('path' in input.source ? (input.source.standIn ?? input.source.path) : null),
    signal,
  });
}

const wasAsked = () => existsSync(space.path('arguments'));

test('is all of the file but its data, as the converter writes it', async () => {
  const header = await ask({ python: converting() });
  expect(header?.gguf.size).toBe(size);
  expect(header?.head.equals(head)).toBe(true);
});

test('comes of the arguments that the task has, put behind the program that keeps weights out', async () => {
  await ask({ python: converting() });
  expect(space.read('arguments')).toMatch(
    /^\S+\/vendor\/llama\.cpp\/headers-only\.py \/llama\.cpp\/convert_hf_to_gguf\.py Tiny --outfile model\.gguf --outtype bf16 --model-name Tiny --fuse-qkv $/,
  );
});

test('is made of the files that stand in for those still on the Hub', async () => {
  await ask({
    python: interpreter(`cat Tiny/*.json Tiny/*/*.safetensors > ${space.path('read')}`),
    files: ['config.json', '1_Dense/a.safetensors'],
  });
  expect(space.read('read')).toBe('config.json1_Dense/a.safetensors');
});

test.each([
  ['no converter is set up', () => ({ python: null })],
  ['llama.cpp is not set up', () => ({ python: converting(), needImatrix: null })],
  ['the conversion looks at weights', () => ({ python: interpreter('exit 3') })],
  ['the converter does not know the model', () => ({ python: interpreter('echo "Model X is not supported" >&2', 'exit 1') })],
  ['the interpreter is gone', () => ({ python: '/no/such/python' })],
  ['it makes no file', () => ({ python: interpreter('exit 0') })],
  ['its file is cut', () => ({ python: converting(size - 1) })],
])('is not known where %s', async (_why, setting) => {
  expect(await ask(setting())).toBeNull();
});

test("is not asked for where that would run the model's own code", async () => {
  expect(await ask({ python: converting(), files: ['config.json', 'tokenization_own.py'] })).toBeNull();
  expect(wasAsked()).toBe(false);
});

test('leaves nothing behind', async () => {
  const folder = space.path('temporary');
  mkdirSync(folder);
  vi.stubEnv('TMPDIR', folder);
  await ask({ python: converting() });
  await ask({ python: interpreter('exit 1') });
  expect(readdirSync(folder)).toEqual([]);
});

test('ends when it is stopped', async () => {
  const stop = new AbortController();
  const asked = ask({ python: interpreter('exec sleep 600'), signal: stop.signal });
  const ended = expect(asked).rejects.toThrow('stopped');
  await vi.waitUntil(wasAsked, { interval: 10 });
  stop.abort();
  await ended;
});
