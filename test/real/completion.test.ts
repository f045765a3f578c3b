import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shells } from '../../src/cli/completion/shells.ts';
import { which } from '../../src/spawn.ts';
import { repository, runProgram } from '../support/cli.ts';
import { HomeWithCompletion } from '../support/shell.ts';
import { workspace } from '../support/workspace.ts';

const pipeline = { name: 'mine', model: 'model', quants: ['Q8_0', ['Q5_K_M', 'Q4_K_M'], { type: 'Q4_K_M', name: 'Q4_K_L' }] };

describe.each(shells)('completion in %s', (shell) => {
  const missing = [shell, 'script'].filter((program) => which(program) === null);
  const why = missing.length > 0 ? ` (skipped: the program ${missing.join(' and ')} is missing)` : '';

  describe.skipIf(missing.length > 0)(`as its help installs it${why}`, () => {
    const space = workspace();
    let home: HomeWithCompletion;
    let terminal: Awaited<ReturnType<HomeWithCompletion['open']>>;

    beforeAll(async () => {
      space.write('mine.yaml', JSON.stringify(pipeline));
      space.write('mine.txt', '');
      space.write('two words.yaml', '');
      space.write('model.gguf', '');
      space.write('out/mine/results.json', '{}');
      mkdirSync(space.path('elsewhere'));
      home = await HomeWithCompletion.make(shell, space);
      terminal = await home.open();
    });
    afterAll(async () => {
      await terminal?.close();
      space[Symbol.dispose]();
    });

    test.each([
      ['a command', 'qpipe repo', ['report']],
      ['a flag', 'qpipe run --fai', ['run', '--failures']],
      ['a choice of a flag', 'qpipe run --failures ki', ['run', '--failures', 'kill']],
      ['a choice behind =', 'qpipe run --failures=ki', ['run', '--failures=kill']],
      ['a choice of a word', 'qpipe schema re', ['schema', 'results']],
      ['a quant of the pipeline on the line', 'qpipe run mine.yaml --only Q5', ['run', 'mine.yaml', '--only', 'Q5_K_M']],
      ['a second quant', 'qpipe run mine.yaml --only Q8_0 --only Q5', ['run', 'mine.yaml', '--only', 'Q8_0', '--only', 'Q5_K_M']],
      ['a task', 'qpipe run mine.yaml --force div', ['run', 'mine.yaml', '--force', 'divergence']],
      ['what follows a colon', 'qpipe run mine.yaml --force quantize:Q8', ['run', 'mine.yaml', '--force', 'quantize:Q8_0']],
      ['what follows two colons', 'qpipe explain mine.yaml bench:Q8_0:6', ['explain', 'mine.yaml', 'bench:Q8_0:6']],
      ['a pipeline file, and no other', 'qpipe run mi', ['run', 'mine.yaml']],
      ['a file with a blank in its name', 'qpipe run tw', ['run', 'two words.yaml']],
      ['a GGUF file', 'qpipe measure mo', ['measure', 'model.gguf']],
      ['a folder', 'qpipe run --out els', ['run', '--out', 'elsewhere']],
      ['a folder behind =', 'qpipe run --out=els', ['run', '--out=elsewhere']],
      ['results by the name of their pipeline', 'qpipe report mi', ['report', 'mine']],
      ['nothing where there is nothing to say', 'qpipe run --threads mo', ['run', '--threads', 'mo']],
    ])('completes %s', async (_, line, words) => {
      const completed = await terminal.completes(line);
      expect(completed.map((word) => word.replace(/\/$/, ''))).toEqual(words);
    });

    const list =
      shell === 'bash'
        ? { quants: /Q4_K_L +Q4_K_M/, flags: /--failures +--force/ }
        : { quants: /Q4_K_L +\W+of type Q4_K_M/, flags: /--failures +\W+when a task fails/ };
    test.each([
      ['quants', 'qpipe run mine.yaml --only Q4_K_', list.quants],
      ['flags', 'qpipe run --f', list.flags],
    ])('lists %s, and explains them if it can', async (_, line, expected) => {
      const other = await home.open();
      await other.lists(line, expected);
      await other.close();
    });
  });
});

test('qpipe completion takes the shell from $SHELL, and says so when it cannot', async () => {
  const ask = (SHELL: string) => runProgram(process.execPath, [`${repository}bin/qpipe.js`, 'completion'], { cwd: '/', env: { SHELL } });
  expect(await ask('/usr/bin/zsh')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^#compdef qpipe/) });
  expect(await ask('/bin/tcsh')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('name one of bash, zsh, fish') });
});
