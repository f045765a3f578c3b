import '../support/own-machine.ts';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { repository, runProgram } from '../support/cli.ts';
import { realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

test('the package, installed in an empty folder, runs the demo', async (context) => {
  await realTools();
  using space = workspace();
  const here = { cwd: space.root };
  const packed = await runProgram('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', space.root], { cwd: repository });
  expect(packed.code).toBe(0);
  const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string; mode: number }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/command/main.js',
      'dist/index.d.ts',
      'pipelines/demo.yaml',
      'imatrix/calibration.txt',
      'vendor/published/qwen3-4b-lowram.yaml',
      'LICENSE',
    ]),
  );
  expect(paths.filter((path) => /^(src|test|scripts)\//.test(path))).toEqual([]);
  expect(files.find(({ path }) => path === 'bin/qpipe.js')?.mode).toBe(0o755);

  space.write('package.json', '{"private": true}');
  const installed = await runProgram('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `./${filename}`], here);
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/.test(installed.stderr)) context.skip('no npm registry can be reached');
  expect(installed).toMatchObject({ code: 0 });
  const ran = await runProgram('npx', ['qpipe', 'run', 'node_modules/qpipe/pipelines/demo.yaml', '--only', 'Q2_K'], here);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/base \(F16\)[\s\S]*Q2_K/) });
  expect(readdirSync(space.path('out/demo'))).toEqual([
    'Demo-F16.gguf',
    'Demo-Q2_K.gguf',
    'charts',
    'manifest.json',
    'report.csv',
    'report.html',
    'report.md',
    'results.json',
  ]);
});
