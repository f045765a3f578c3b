import { appendFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Destination } from '../../../src/pipeline/destination.ts';
import { destinationId, Journal } from '../../../src/publish/journal.ts';
import { Store } from '../../../src/store/store.ts';
import { destination } from '../../support/publish-lab.ts';
import { workspace } from '../../support/workspace.ts';

function journal(space: ReturnType<typeof workspace>) {
  const made = new Journal(Store.open(space.path('store')), destination(), 'nightly');
  const say = (event: 'begun' | 'published' | 'back', run: string) => made.append({ event, run, substance: `of ${run}`, files: [] });
  return { made, say, runs: () => made.builds().map(({ run }) => run) };
}

test('a build that was only begun is none to go back to', () => {
  using space = workspace();
  const { made, say, runs } = journal(space);
  say('published', 'A');
  say('begun', 'B');
  expect(runs()).toEqual(['A']);
  expect(made.wasBegunSince()).toBe(true);
  say('published', 'B');
  expect(runs()).toEqual(['A', 'B']);
  expect(made.wasBegunSince()).toBe(false);
});

test('the way back goes one build at a time, and a build that was taken back stays taken back until it is published again', () => {
  using space = workspace();
  const { made, say, runs } = journal(space);
  for (const run of ['A', 'B', 'C']) say('published', run);
  say('back', 'B');
  expect(runs()).toEqual(['A', 'B']);
  expect([made.wasTakenBack({ substance: 'of C' }), made.wasTakenBack({ substance: 'of B' })]).toEqual([true, false]);
  say('back', 'A');
  expect(runs()).toEqual(['A']);
  expect(made.wasTakenBack({ substance: 'of B' })).toBe(true);
  say('published', 'C');
  expect(made.wasTakenBack({ substance: 'of C' })).toBe(false);
});

test('a build is known by its model files: with one of them it was taken back, whatever else is said of it', () => {
  using space = workspace();
  const { made } = journal(space);
  const entry = (event: 'published' | 'back', run: string, models: string[]) => ({ event, run, substance: run, models, files: [] });
  made.append(entry('published', 'A', ['q8', 'old q4']));
  made.append(entry('published', 'B', ['q8', 'bad q4', 'bad q2']));
  made.append(entry('back', 'A', ['q8', 'old q4']));
  const wasTakenBack = (...models: string[]) => made.wasTakenBack({ substance: 'another', models });
  expect([wasTakenBack('bad q4'), wasTakenBack('bad q4', 'new q3'), wasTakenBack('q8', 'new q4')]).toEqual([true, true, false]);
  // Somebody wants it after all, were it with fewer rows: then no row of it is held back.
  made.append(entry('published', 'B', ['bad q4']));
  expect(wasTakenBack('q8', 'bad q4', 'bad q2')).toBe(false);
});

test('the way back from a build that was only begun leads to the one before it', () => {
  using space = workspace();
  const { made, say, runs } = journal(space);
  for (const run of ['A', 'B']) say('published', run);
  say('begun', 'C');
  say('back', 'B');
  expect(runs()).toEqual(['A', 'B']);
  expect([made.wasTakenBack({ substance: 'of C' }), made.wasTakenBack({ substance: 'of B' })]).toEqual([true, false]);
});

test('a place is of the pipeline whose builds are there; a program serves any number of them', () => {
  using space = workspace();
  const store = Store.open(space.path('store'));
  const program: Destination = { ...destination(), kind: 'command', command: ['./upload.sh'], timeLimitMs: 1000 } as Destination;
  const entry = { event: 'published' as const, run: 'A', substance: 'of A', files: [] };
  for (const to of [destination(), program]) new Journal(store, to, 'nightly').append(entry);
  expect(new Journal(store, destination(), 'weekly').otherOwner()).toBe('nightly');
  expect(new Journal(store, destination(), 'nightly').otherOwner()).toBeNull();
  expect(new Journal(store, program, 'weekly').otherOwner()).toBeNull();
  expect(new Journal(store, program, 'weekly').builds()).toEqual([]);
});

test('a folder is one place by whichever name, also before it is there', () => {
  using space = workspace();
  const folder = (path: string): Destination => ({ ...destination(), kind: 'folder', path: space.path(path), keep: 3 }) as Destination;
  mkdirSync(space.path('real'));
  symlinkSync('real', space.path('link'));
  const ids = () => ['real/shown', 'link/shown'].map((path) => destinationId(folder(path)));
  const before = ids();
  mkdirSync(space.path('real/shown'));
  expect(new Set([...before, ...ids()]).size).toBe(1);
});

test('the same run once more is no build of its own', () => {
  using space = workspace();
  const { say, runs } = journal(space);
  for (const run of ['A', 'B', 'B']) say('published', run);
  expect(runs()).toEqual(['A', 'B']);
});

test('a line that was cut by a kill loses nothing else', () => {
  using space = workspace();
  const { say, runs } = journal(space);
  say('published', 'A');
  const folder = space.path('store', 'published');
  appendFileSync(`${folder}/${readdirSync(folder)[0]}`, '{"event":"publ');
  say('published', 'B');
  expect(runs()).toEqual(['A', 'B']);
});
