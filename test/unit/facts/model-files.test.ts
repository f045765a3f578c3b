import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readModelFolder } from '../../../src/facts/model-files.ts';
import { selectFiles } from '../../../src/facts/select-files.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const files = {
  'config.json': '{"architectures": ["LlamaForCausalLM"]}',
  'modules.json': '[{"path": "2_Dense"}]',
  '2_Dense/model.safetensors': 'x',
  '2_Dense/config.json': '{}',
  'model.safetensors': 'x',
  'tokenizer.json': '{}',
  'train.log': 'x',
  LICENSE: 'x',
};

function folderOf(written: Record<string, string>): Workspace {
  const folder = workspace();
  onTestFinished(() => folder[Symbol.dispose]());
  for (const [name, text] of Object.entries(written)) folder.write(name, text);
  return folder;
}

test('a folder gives what the names of its files give', () => {
  const { config, ...ofFolder } = readModelFolder(folderOf(files).root, []);
  const text = (name: string) => files[name as keyof typeof files] ?? null;
  expect(ofFolder).toEqual(selectFiles({ names: Object.keys(files), text, where: 'owner/name', trust: [] }));
  expect(config).toEqual({ architectures: ['LlamaForCausalLM'] });
});

describe('in a folder', () => {
  test('a link that leads nowhere is a file that is missing', () => {
    const folder = folderOf({
      'config.json': '{}',
      'model.safetensors.index.json': '{"weight_map": {"a": "model-00001-of-00001.safetensors"}}',
    });
    symlinkSync(folder.path('gone'), folder.path('model-00001-of-00001.safetensors'));
    expect(() => readModelFolder(folder.root, [])).toThrow('names model-00001-of-00001.safetensors, which is not there');
  });

  test('a folder by the name of a file is not that file', () => {
    const folder = folderOf({ 'config.json': '{}' });
    mkdirSync(folder.path('model.safetensors'));
    expect(() => readModelFolder(folder.root, [])).toThrow(`${folder.root} has no safetensors weights`);
  });

  test.each([
    ['cut', '{"architectures":', 'config.json is not valid JSON'],
    ['a list', '[]', 'config.json holds no JSON object'],
  ])('a config.json that is %s is named', (_what, config, message) => {
    const folder = folderOf({ 'config.json': config, 'model.safetensors': 'x' });
    expect(() => readModelFolder(folder.root, [])).toThrow(`${folder.root}/${message}`);
  });
});
