import { Listr } from 'listr2';
import { duration } from '../../report/format.ts';
import type { RunEvent } from '../../run/events.ts';
import { allInWords, type Fetch, fetchLine, fileInWords } from './fetch-line.ts';
import { hashingLine } from './hashing-line.ts';
import { setupSentence, setupStep } from './setup-words.ts';
import type { View } from './view.ts';
import { bar, heldBy } from './words.ts';

/** What is used of listr2's task: its two lines, whatever its context and renderer are. */
interface Line {
  title: string;
  output: string;
  /** Marks it as neither done nor failed. */
  skip(message: string): void;
}

interface Group {
  title: string;
  total: number;
  settled: number;
  made: number;
  failed: number;
  /** Running tasks, each with the line that shows it. */
  running: Map<string, string>;
  line: Line | null;
  /** Why tasks of it failed. */
  reasons: string[];
  ended: boolean;
  finish: () => void;
  fail: (error: Error) => void;
  finished: Promise<void>;
}

/** In the order in which they are shown. */
const titles: Record<string, string> = {
  fetch: 'Fetch',
  merge: 'Merge',
  convert: 'Convert',
  probe: 'Tokenizer check',
  render: 'Conversations',
  logits: 'Base logits',
  perplexity: 'Perplexity',
  imatrix: 'Importance matrix',
  quantize: 'Quantize',
  dequantize: 'Dequantize',
  divergence: 'KL divergence',
  choices: 'Questions',
  samples: 'Samples',
  bench: 'Benchmark',
};

/** Groups of tasks; under each a line with a bar per running task, folded away when the group is finished. */
export function terminalView(): View {
  let groups = new Map<string, Group>();
  let drawing: Promise<unknown> = Promise.resolve();
  let setup: Group | null = null;
  const hashing = hashingLine(process.stderr);
  const fetching = fetchLine(process.stderr);
  const draw = (list: Group[]) => {
    const listr = new Listr(list.map(listrTask), {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: { collapseErrors: false, formatOutput: 'truncate' },
    });
    drawing = drawing.then(() => listr.run()).catch(() => {});
  };
  /** Below what is drawn, once that has come to its end. */
  const say = (text: string) => {
    drawing = drawing.then(() => process.stderr.write(`${text}\n`));
  };
  const startSetup = () => {
    setup = newGroup('Tools', 1);
    draw([setup]);
    return setup;
  };
  const endSetup = () => {
    settleAll(setup ? [setup] : []);
    setup = null;
  };
  return {
    show: (event) => {
      if (event.type !== 'fetch') fetching.clear();
      if (event.type === 'setup' && event.event.type === 'found') {
        endSetup();
        say(setupSentence(event.event) ?? '');
      } else if (event.type === 'setup') showSetup(setup, startSetup, say, event);
      // Once the groups are drawn, nothing else may write: what is hashed then is a file that changed meanwhile.
      else if (event.type === 'fetch') {
        if (event.by === null) fetching.show(event);
        else showFile(groups, event.by, event);
      } else if (event.type === 'hash') drawing.then(() => groups.size === 0 && hashing.show(event));
      else if (event.type === 'run-start') {
        hashing.clear();
        endSetup();
        groups = groupsOf(event);
        draw([...groups.values()]);
      } else if (event.type === 'note') say(event.text);
      else if ('task' in event) showTask(groups, event);
    },
    close: async () => {
      endSetup();
      for (const group of groups.values()) if (group.settled < group.total) group.line?.skip(`${titleOf(group)}, stopped`);
      settleAll([...groups.values()]);
      await drawing;
    },
  };
}

function groupsOf(event: Extract<RunEvent, { type: 'run-start' }>): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const [op, title] of Object.entries(titles)) {
    const total = event.tasks.filter(({ id }) => groupOf(id) === op).length;
    if (total > 0) groups.set(op, newGroup(title, total));
  }
  return groups;
}

function showTask(groups: Map<string, Group>, event: Extract<RunEvent, { task: string }>): void {
  const group = groups.get(groupOf(event.task));
  if (!group) return;
  const name = event.task.split(':').slice(1).join(', round ');
  switch (event.type) {
    case 'task-start':
      group.running.set(event.task, name);
      break;
    case 'task-wait':
      group.running.set(event.task, `${name} waits for ${heldBy(event.holder, event.for)}`);
      break;
    case 'task-retry':
      group.running.set(event.task, `${name} again: ${event.reason}`);
      break;
    case 'task-progress': {
      // What comes from the Hub is shown file by file, with all of them in the task's own line.
      if (event.unit === 'bytes') break;
      const left = event.secondsLeft === null ? '' : `, ${duration(event.secondsLeft)} left`;
      group.running.set(event.task, `${bar(event.done, event.total)} ${event.done}/${event.total} ${event.unit}${left}  ${name}`);
      break;
    }
    default:
      for (const line of group.running.keys()) if (line === event.task || line.startsWith(`${event.task}/`)) group.running.delete(line);
      group.settled++;
      if (event.type === 'task-hit') group.made++;
      if (event.type === 'task-failed' || event.type === 'task-skipped') group.failed++;
      if (event.type === 'task-failed') group.reasons.push(`${name}: ${event.message}`);
  }
  redraw(group);
}

function showFile(groups: Map<string, Group>, task: string, event: Fetch): void {
  const group = groups.get(groupOf(task));
  if (!group) return;
  group.running.set(task, `${allInWords(event)}  ${task.split(':').slice(1).join(':')}`);
  const line = `${task}/${event.file}`;
  // A single file is what its task's line tells already.
  if (event.phase === 'done' || event.size === event.allSize) group.running.delete(line);
  else group.running.set(line, `  ${fileInWords(event)}`);
  redraw(group);
}

function redraw(group: Group): void {
  if (group.ended) return;
  if (group.line) {
    group.line.title = titleOf(group);
    group.line.output = [...group.running.values()].join('\n') || ' ';
  }
  if (group.settled >= group.total) end(group);
}

function titleOf({ title, total, settled, made, failed }: Group): string {
  const asides = [...(made > 0 ? [`${made} made already`] : []), ...(failed > 0 ? [`${failed} failed`] : [])];
  return total > 1 || asides.length > 0 ? [`${title} ${settled}/${total}`, ...asides].join(', ') : title;
}

function showSetup(
  current: Group | null,
  start: () => Group,
  say: (text: string) => void,
  { event }: Extract<RunEvent, { type: 'setup' }>,
): void {
  const step = setupStep(event);
  const text = setupSentence(event);
  if (!current && !step) {
    if (text) say(text);
    return;
  }
  const group = current ?? start();
  if (step)
    group.running.set(
      'step',
      step.total > 0 ? `${bar(step.done, step.total)} ${step.done}/${step.total} ${step.name}${step.left}` : step.name,
    );
  else if (text) group.running.set('note', text);
  redraw(group);
}

function newGroup(title: string, total: number): Group {
  let finish: Group['finish'] = () => {};
  let fail: Group['fail'] = () => {};
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  // A group may fail before it is drawn; listr2 hears of it when it begins.
  finished.catch(() => {});
  return {
    title,
    total,
    settled: 0,
    made: 0,
    failed: 0,
    running: new Map(),
    reasons: [],
    ended: false,
    line: null,
    finish,
    fail,
    finished,
  };
}

function listrTask(group: Group) {
  return {
    title: group.title,
    task: (_context: unknown, line: Line) => {
      // A group may have ended before its turn to be drawn, when all of it was made already.
      group.line = line;
      line.title = titleOf(group);
      redraw(group);
      return group.finished;
    },
    // One output that holds all lines: more would pile up.
    rendererOptions: { outputBar: 1, persistentOutput: false },
  };
}

/** Ends what is still drawn. A finished group is left alone: listr2 has dropped what it writes to. */
function settleAll(groups: Group[]): void {
  for (const group of groups.filter((one) => !one.ended)) {
    group.running.clear();
    if (group.line) group.line.output = ' ';
    end(group);
  }
}

function end(group: Group): void {
  group.ended = true;
  if (group.failed > 0) group.fail(new Error(group.reasons.join('\n')));
  else group.finish();
}

function groupOf(task: string): string {
  return task.split(':')[0] ?? task;
}
