import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../src/package-root.ts';
import { loadPipelineText } from '../../../src/pipeline/load.ts';
import { pipelineOf } from '../../../src/published/as-pipeline.ts';
import { hasSizes } from '../../../src/published/check-sizes.ts';
import { idsOfTables } from '../../../src/published/ids.ts';
import { shapeHead } from '../../../src/published/shape-head.ts';
import { knownShapes } from '../../../src/published/shapes.ts';
import { isAbout, summaryOf } from '../../../src/published/summary.ts';
import { publishedTables, tableNamed } from '../../../src/published/tables.ts';

const tables = publishedTables();

test('every table that ships can be read, and every known figure is the one in the table', () => {
  expect(tables).toHaveLength(idsOfTables().length);
  const strays = tables.flatMap(({ id, known, rows }) =>
    known.flatMap(({ rows: names, column, printed }) =>
      names.flatMap((name) => {
        const figure = rows.find((row) => row.name === name)?.figures[column];
        return figure?.printed === printed ? [] : [`${id}: ${name} ${column} is ${figure?.printed}, not ${printed}`];
      }),
    ),
  );
  expect(strays).toEqual([]);
});

test('a shape has as many weights as its model', () => {
  const wrong = tables.flatMap(({ id, sizes, model }) => {
    const shape = typeof sizes?.shape === 'string' ? knownShapes[sizes.shape] : undefined;
    return shape && shapeHead(shape).weights !== model.weights ? [[id, shapeHead(shape).weights, model.weights]] : [];
  });
  expect(wrong).toEqual([]);
  expect(
    tables.filter(hasSizes).every(({ sizes }) => [sizes?.shape].flat().every((name) => name === undefined || String(name) in knownShapes)),
  ).toBe(true);
});

test.each(tables.flatMap((table) => table.runs.map((run) => ({ id: table.id, rows: run.rows, table, run }))))(
  'the run of $id $rows is a pipeline without mistakes',
  ({ table, run }) => {
    const written = pipelineOf(table, run, {
      model: run.pipeline['model'] === undefined ? join(packageRoot, 'pipelines', 'demo') : undefined,
      trust: [],
    });
    const loaded = loadPipelineText(JSON.stringify(written), { file: null, folder: '/' });
    expect(loaded.ok ? [] : loaded.diagnostics.map(({ message }) => message)).toEqual([]);
    expect(loaded.ok && loaded.pipeline.quants.length + loaded.pipeline.compare.length).toBeGreaterThan(0);
  },
);

test('an unknown name gets the nearest one, a missing file its path', () => {
  expect(() => tableNamed('llama3-8b-scorebord')).toThrow('did you mean llama3-8b-scoreboard?');
  expect(() => tableNamed('./nowhere.yaml')).toThrow('nowhere.yaml with a table');
});

test('words choose tables by name, model, figures and source', () => {
  const about = (...words: string[]) => tables.map(summaryOf).filter((summary) => isAbout(summary, words));
  expect(about('SCOREBOARD', 'kld').map(({ id }) => id)).toEqual(['llama3-8b-scoreboard', 'llama3-8b-scoreboard-draft']);
  expect(about('artefact2')).toMatchObject([{ model: 'Mistral 7B', gated: null, sizes: true, run: true, reproducible: 'partly' }]);
});
