import type { Interval, MachineState, Results } from '../../results/schema.ts';
import { conditionsLine } from '../conditions-line.ts';
import { binarySize, decimalSize, duration, range } from '../format.ts';
import { markup, type Piece } from '../markup.ts';
import { copyButton, facts, type Section, textTable } from './elements.ts';

/** Under what conditions, of what, by what: what makes the numbers mean something. */
export function provenanceSection(results: Results): Section {
  const { conditions: c, run, shape, companions = [] } = results;
  const files = results.rows.flatMap(({ name, file }) => (file ? [[name, file.name, decimalSize(file.bytes), file.sha256]] : []));
  const beside = companions.map(({ kind, name, bytes, sha256 }) => [kind, name, decimalSize(bytes), sha256]);
  const body = markup`${facts([
    ['Run', `${run.id}, begun ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC, pipeline ${results.pipeline}, qpipe ${run.qpipe}`],
    ...(shape
      ? [
          ['Model', `${shape.architecture}, ${(shape.parameters / 1e6).toPrecision(3)} million weights in ${shape.layers} layers`] as [
            string,
            Piece,
          ],
        ]
      : []),
    ['Base', c.base],
    ...sources(results),
    ...texts(results),
    ['Importance matrix', c.imatrix ?? 'none'],
    ['Base perplexity', results.basePpl ? sanity(results.basePpl) : 'not measured'],
    ['llama.cpp', `${c.build}; ${c.version}; build ${c.buildId}; found in: ${c.origin}`],
    ['Converter', c.converter ?? 'none was needed'],
    ['Layers on the GPU', c.gpuLayers === null ? 'as the tools choose' : String(c.gpuLayers)],
    ['Extra arguments', extraArguments(results)],
    ['Machine', `${c.machine.cpu}, ${c.machine.cores} cores, ${binarySize(c.machine.memoryBytes)}, ${c.machine.os}, ${c.platform}`],
    ['Fingerprint', c.machine.fingerprint],
    ...(c.bench ? [['Benchmark', benchmark(c.bench)] as [string, Piece]] : []),
    ...(c.state ? [['While speeds were measured', stateInWords(c.state)] as [string, Piece]] : []),
  ])}<details><summary>Digests of the files</summary>${textTable([['row', 'file', 'size', 'sha256'], ...files, ...beside], { id: 'digests', caption: 'Files and their sha256', conditions: conditionsLine(results) })}${copyButton('digests', 'Copy table')}</details>`;
  return { id: 'conditions-and-provenance', title: 'Conditions and provenance', short: 'Conditions', body };
}

function sources({ sources: repos = [] }: Results): [string, string][] {
  return repos.map(({ what, type, repo, revision, commit }) => [`Source: ${what}`, `${type} ${repo}, ${revision} = ${commit}`]);
}

function texts({ conditions: { evaluation, slices = [] } }: Results): [string, string][] {
  const words = (text: NonNullable<typeof evaluation>) =>
    [`${text.text}, sha256 ${text.sha256}, ${text.chunks} chunks of ${text.context} tokens`, text.rendering, text.chosen]
      .filter(Boolean)
      .join('; ');
  return [
    ['Evaluation text', evaluation ? words(evaluation) : 'none: no quality was measured'],
    ...slices.map((slice): [string, string] => [`Text ${slice.name}`, words(slice)]),
  ];
}

function benchmark(bench: NonNullable<Results['conditions']['bench']>): string {
  const { prompt, generate, rounds, threads, generationThreads, depths, batch, ubatch, orderSeed } = bench;
  const parts = [
    `pp${prompt}, tg${generate}, ${rounds} rounds, ${threads} thread${threads === 1 ? '' : 's'}`,
    generationThreads !== undefined && `${generationThreads} for generation`,
    depths && `at depths ${depths.join(', ')}`,
    batch !== undefined && `batch ${batch}`,
    ubatch !== undefined && `ubatch ${ubatch}`,
    orderSeed !== undefined && `order of the rows drawn with seed ${orderSeed}`,
  ];
  return parts.filter(Boolean).join('; ');
}

/** What the machine does not tell is said, too. */
function stateInWords({ governor, power, temperature, frequency, loadAverage, othersBusy }: MachineState): string {
  const untold = 'not told by the machine';
  const between = (range: { lowest: number; highest: number } | null, unit: string, digits: number) =>
    range ? `${range.lowest.toFixed(digits)} to ${range.highest.toFixed(digits)}${unit}` : untold;
  return [
    `governor ${governor ?? untold}`,
    `power ${power ?? untold}`,
    `temperature ${between(temperature, ' °C', 0)}`,
    `frequency ${between(frequency, ' MHz', 0)}`,
    `load ${between(loadAverage, '', 1)}`,
    `others kept ${othersBusy === null ? 'an unknown number of' : `at most ${othersBusy.toFixed(1)}`} cores busy`,
  ].join('; ');
}

/** How a perplexity is to be looked at: it chooses no type. */
function sanity(ppl: Interval): string {
  const size = ppl.value < 100 ? 'a sane value' : 'very high: is this the model, and the text, that was meant?';
  return `${ppl.value.toFixed(4)} ${range(ppl, (value) => value.toFixed(4))}: ${size}`;
}

function extraArguments({ conditions: { args } }: Results): string {
  const extra = Object.entries(args).map(([tool, list]) => `${tool}: ${list.join(' ')}`);
  return extra.length > 0 ? extra.join('; ') : 'none';
}

/** Where the hours went: in this run, and of the tools in all runs that these results are made of. */
export function hoursSection(results: Results): Section {
  const { work = [], run } = results;
  const operations = [...new Set(work.map(({ operation }) => operation))];
  const lines = operations.map((operation) => {
    const own = work.filter((one) => one.operation === operation);
    const seconds = own.reduce((sum, one) => sum + one.seconds, 0);
    const tasks = own.reduce((sum, one) => sum + one.tasks, 0);
    return [operation, duration(seconds), `n=${tasks}`, duration(seconds / tasks)];
  });
  const total = work.reduce((sum, { seconds }) => sum + seconds, 0);
  const body = markup`<p>This run took <b>${duration(run.seconds)}</b>.${work.length > 0 ? ` The tools worked ${duration(total)} for what is shown here, in this run and in earlier ones whose outputs were found again.` : ' How long single steps took was not recorded.'}</p>
${lines.length > 0 && textTable([['step', 'together', 'tasks', 'each'], ...lines], { id: 'hours', caption: 'Time by step; steps may have run side by side', conditions: conditionsLine(results) })}`;
  return { id: 'hours-spent', title: 'Hours spent', short: 'Hours', body };
}
