import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filesOfModel, readModelFolder } from '../../../src/facts/model-files.ts';
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

describe('a folder and a repo with the same names', () => {
  test('give the same', async () => {
    const { config, ...ofFolder } = readModelFolder(folderOf(files).root, []);
    const ofRepo = await filesOfModel(Object.keys(files), async (name) => files[name as keyof typeof files], {
      where: 'owner/name',
      trust: [],
    });
    expect(ofFolder).toEqual(ofRepo);
    expect(config).toEqual({ architectures: ['LlamaForCausalLM'] });
  });

  test('of a repo only what decides is read', async () => {
    const read: string[] = [];
    const note = async (name: string) => {
      read.push(name);
      return files[name as keyof typeof files];
    };
    await filesOfModel(Object.keys(files), note, { where: 'owner/name', trust: [] });
    expect(read.toSorted()).toEqual(['config.json', 'modules.json']);
  });
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
