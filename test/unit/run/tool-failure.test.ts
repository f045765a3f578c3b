import { expect, test } from 'vitest';
import { lastLines } from '../../../src/run/last-call.ts';
import { shellLine } from '../../../src/run/shell.ts';
import { ToolFailure } from '../../../src/run/tool-failure.ts';

const ends: [what: string, end: { code?: number; signal?: string; stderr?: string }, sentence: string][] = [
  ['an exit code', { code: 3 }, 'a-tool failed with exit code 3'],
  ['an exit code and a reason', { code: 3, stderr: 'known' }, 'a-tool failed with exit code 3: it is known'],
  ['a crash', { signal: 'SIGSEGV' }, 'a-tool crashed (SIGSEGV)'],
  ['a crash and a reason', { signal: 'SIGABRT', stderr: 'known' }, 'a-tool crashed (SIGABRT): it is known'],
  [
    'a crash that has one meaning',
    { signal: 'SIGXFSZ' },
    'a-tool crashed (SIGXFSZ): no file may become as large as the one it wrote (ulimit -f)',
  ],
  ['a crash in a shell around the tool', { code: 134, stderr: 'known' }, 'a-tool crashed (SIGABRT): it is known'],
  [
    'a kill, whatever was said before',
    { signal: 'SIGKILL', stderr: 'known' },
    'a-tool was killed (SIGKILL), most likely because memory ran out',
  ],
  ['a kill in a shell around the tool', { code: 137 }, 'a-tool was killed (SIGKILL), most likely because memory ran out'],
  ['an end from outside', { signal: 'SIGTERM' }, 'a-tool was ended from outside (SIGTERM)'],
];

test.each(ends)('%s', (_what, { code = null, signal = null, stderr = '' }, sentence) => {
  const explain = (_out: string, err: string) => (err === 'known' ? 'it is known' : undefined);
  const failure = new ToolFailure({ name: 'a-tool', file: '/bin/a-tool', args: [], explain }, { code, signal, stdout: '', stderr });
  expect(failure.message).toBe(sentence);
});

test('the last lines are those that a terminal would show', () => {
  const bar = 'Writing:  10%|█\rWriting:  20%|██\rWriting:  30%|███';
  expect(lastLines({ stdout: 'out', stderr: `first\r\n\n${bar}\nlast\r\n` })).toEqual(['first', 'Writing:  30%|███', 'last']);
  expect(lastLines({ stdout: 'one\ntwo', stderr: '\n' })).toEqual(['one', 'two']);
  expect(lastLines({ stdout: '', stderr: Array.from({ length: 20 }, (_, i) => `${i}`).join('\n') })).toHaveLength(8);
  expect(lastLines({ stdout: '', stderr: '' })).toEqual([]);
});

test('words that a shell would take apart are quoted', () => {
  expect(shellLine(['a/b.gguf', "Ann's out", '', '$HOME', 'k=str:v'])).toBe(`a/b.gguf 'Ann'\\''s out' '' '$HOME' k=str:v`);
});
