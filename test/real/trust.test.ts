import '../support/own-machine.ts';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { converterEnvironment } from '../../src/run/operations/convert.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { type Printed, qpipe, runProgram } from '../support/cli.ts';
import { copyDemo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** What can run code on this machine, with the real converter: nothing of it without trust, and what trust then makes of it. */
const space = workspace();
const here = { cwd: space.root };
let tools: LlamaCpp;

beforeAll(async () => {
  tools = await realTools();
  copyDemo(space, 'safe');
});
afterAll(() => space[Symbol.dispose]());

async function run(name: string, model: Record<string, unknown>): Promise<Printed> {
  const whole = { name, model: { name: 'Demo', ...model }, quants: ['Q8_0'], imatrix: 'none', evaluate: 'none', bench: 'none' };
  space.write(`${name}.yaml`, JSON.stringify(whole, null, 2));
  return await qpipe(['run', `${name}.yaml`], here);
}

describe('pickled weights', () => {
  beforeAll(async () => {
    copyDemo(space, 'pickled');
    const made = await runProgram(tools.converter?.python ?? '', ['-c', pickle, space.path('pickled')], here);
    if (made.code !== 0) throw new Error(made.stderr);
    rmSync(space.path('pickled/model.safetensors'));
  });

  test('are refused before anything is done, at their place in the pipeline', async () => {
    const refused = await run('refused', { path: 'pickled' });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/refused\.yaml:5:\d+: error: .*only pickled ones \(pytorch_model-00001-of-00002\.bin\)/),
    });
    expect(existsSync(space.path('out/refused'))).toBe(false);
  });

  test('with trust become what safetensors become, to the bit, and the plan knows their size', async () => {
    expect(await run('safe', { path: 'safe' })).toMatchObject({ code: 0 });
    expect(await run('trusted', { path: 'pickled', trust: ['pickle'] })).toMatchObject({ code: 0 });
    expect(tensorsOf('out/trusted/Demo-F16.gguf')).toEqual(tensorsOf('out/safe/Demo-F16.gguf'));
    const plans = ['trusted', 'safe'].map((name) => qpipe(['plan', `${name}.yaml`, '--out', 'elsewhere', '--json'], here));
    const [trusted, safe] = (await Promise.all(plans)).map(sizeOfConvert);
    expect(trusted).toBeGreaterThan(1_000_000);
    expect(trusted).toBe(safe);
  });

  test('are trusted without a pipeline file by a flag', async () => {
    const quick = ['Q8_0', '--chunks', '2', '--no-bench'];
    const refused = await qpipe(['quantize', 'pickled', ...quick], here);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('only pickled ones') });
    expect(await qpipe(['quantize', 'pickled', ...quick, '--trust', 'pickle'], here)).toMatchObject({ code: 0 });
  });

  /** By name, as the order is that of the files they come from. */
  const tensorsOf = (path: string) => {
    const { tensors, dataOffset } = readGguf(space.path(path));
    const data = readFileSync(space.path(path)).subarray(dataOffset);
    return new Map(tensors.map(({ name, type, offset, bytes }) => [name, [type, data.toString('base64', offset, offset + bytes)]]));
  };

  const sizeOfConvert = ({ stdout }: Printed) => {
    const { tasks } = JSON.parse(stdout) as { tasks: { id: string; outputs: Record<string, { bytes: number }> }[] };
    return tasks.find(({ id }) => id === 'convert')?.outputs['model.gguf']?.bytes;
  };

  const pickle = `
import json, sys, torch
from safetensors.torch import load_file
tensors = load_file(sys.argv[1] + "/model.safetensors")
names = sorted(tensors)
files = {"pytorch_model-00001-of-00002.bin": names[::2], "pytorch_model-00002-of-00002.bin": names[1::2]}
for file, part in files.items():
    torch.save({name: tensors[name] for name in part}, sys.argv[1] + "/" + file)
index = {"metadata": {}, "weight_map": {name: file for file, part in files.items() for name in part}}
json.dump(index, open(sys.argv[1] + "/pytorch_model.bin.index.json", "w"))
`;
});

describe('a tokenizer that is code', () => {
  const code = "import pathlib\npathlib.Path(__file__).write_text('')\nraise RuntimeError('the code has run')\n";

  beforeAll(() => copyDemo(space, 'code'));

  /** Every Llama with such a tokenizer has it loaded by transformers, with trust. */
  function nameTokenizer(reference: string): void {
    const config = JSON.parse(space.read('code/tokenizer_config.json'));
    const own = { tokenizer_class: 'HybridDNATokenizer', auto_map: { AutoTokenizer: [reference, null] } };
    space.write('code/tokenizer_config.json', JSON.stringify({ ...config, ...own }));
  }

  test('is refused', async () => {
    nameTokenizer('tokenization_own.HybridDNATokenizer');
    space.write('code/tokenization_own.py', code);
    const refused = await run('untrusted', { path: 'code' });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/untrusted\.yaml:5:\d+: error: .*\(tokenization_own\.py\), which the conversion would run/),
    });
  });

  test('runs with trust', async () => {
    const ran = await run('with-trust', { path: 'code', trust: ['code'] });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('RuntimeError: the code has run') });
  });

  test('in another repo does not run, not even when the Hub has left it in its cache', async () => {
    nameTokenizer('someone/else--tokenization_own.HybridDNATokenizer');
    const cached = '.cache/huggingface/hub/models--someone--else';
    space.write(`${cached}/refs/main`, '0123456789abcdef0123456789abcdef01234567');
    space.write(`${cached}/snapshots/0123456789abcdef0123456789abcdef01234567/tokenization_own.py`, code);
    const convert = (environment: Record<string, string>) =>
      runProgram(tools.converter?.python ?? '', [tools.converter?.script ?? '', 'code', '--outfile', 'code.gguf'], {
        ...here,
        env: { ...converterEnvironment, HOME: space.root, XDG_CACHE_HOME: space.path('.cache'), ...environment },
      });
    expect((await convert({ HF_HOME: space.path('.cache/huggingface') })).stderr).toContain('the code has run');
    expect((await convert({})).stderr).toContain("couldn't find them in the cached files");
  });
});
