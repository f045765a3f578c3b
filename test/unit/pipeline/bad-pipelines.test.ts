import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { builtinTexts } from '../../../src/package-root.ts';
import { type Diagnostic, formatDiagnostic, readLineOfFile } from '../../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../../src/pipeline/load.ts';
import { resolveQuants } from '../../../src/pipeline/quants.ts';
import { workspace } from '../../support/workspace.ts';
import { types } from './types.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/pipelines');
const options = {
  env: {},
  builtinTexts,
};

beforeEach(() => {
  vi.spyOn(process, 'cwd').mockReturnValue(fixtures);
});

describe('a bad pipeline is explained, all of it at once', () => {
  const names = readdirSync(join(fixtures, 'bad')).filter((name) => name.endsWith('.yaml'));

  test.each(names)('%s', async (name) => {
    const explained = mistakesIn(join(fixtures, 'bad', name)).map((diagnostic) => formatDiagnostic(diagnostic, readLineOfFile));
    expect(explained).not.toEqual([]);
    await expect(`${explained.join('\n')}\n`).toMatchFileSnapshot(join(fixtures, 'bad', name.replace('.yaml', '.txt')));
  });
});

describe('what is no pipeline file is said so', () => {
  test.each([
    ['nothing', 'nothing.yaml', '`nothing.yaml` does not exist'],
    ['a folder', '.', 'is a folder'],
    ['a huge file', 'huge.yaml', '`huge.yaml` is larger than 1 MB: that is no pipeline'],
    ['a device', '/dev/null', '`/dev/null` is not a file'],
  ])('%s', (_what, name, message) => {
    using folder = workspace();
    vi.mocked(process.cwd).mockReturnValue(folder.root);
    folder.write('huge.yaml', `model: ../model\n${'# '.repeat(600_000)}`);
    const mistakes = mistakesIn(name.startsWith('/') ? name : folder.path(name));
    expect(mistakes).toEqual([expect.objectContaining({ message: expect.stringContaining(message), place: null })]);
  });
});

/** As `qpipe run` finds them: those of the file, or else those that only the binary's types reveal. */
function mistakesIn(file: string): Diagnostic[] {
  const loaded = loadPipeline(file, options);
  if (!loaded.ok) return loaded.diagnostics;
  const { problems } = resolveQuants(loaded.pipeline.quants, types, { moe: false, needImatrix: [], hasImatrix: true });
  return problems.map(({ at, ...problem }) => ({ ...problem, severity: 'error', place: loaded.pipeline.places[at] ?? null }));
}
