import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';
import { loadPipeline } from '../../pipeline/load.ts';
import type { Environment } from '../../pipeline/variables.ts';
import { cronSchedule } from '../../schedule/cron.ts';
import { actionsSchedule } from '../../schedule/github-actions.ts';
import type { Job, Schedule, Time } from '../../schedule/job.ts';
import { systemdSchedule } from '../../schedule/systemd.ts';
import { howInstalled, installedBy } from '../how-installed.ts';
import { tellDiagnostics } from '../mistakes.ts';
import { outFolder } from '../prepare.ts';

export interface ScheduleArguments {
  file: string;
  cron: boolean;
  systemd: boolean;
  'github-actions': boolean;
  at: string;
  install: string | undefined;
  out: string | undefined;
}

/** Prints what makes a machine look at a pipeline every day. Installs nothing. */
export async function schedule(args: ScheduleArguments): Promise<number> {
  const kinds = (['cron', 'systemd', 'github-actions'] as const).filter((kind) => args[kind]);
  const [kind, another] = kinds;
  if (kind === undefined || another !== undefined) throw new UserError('say one of --cron, --systemd and --github-actions');
  if (args.install !== undefined && kind !== 'github-actions')
    throw new UserError('--install is for --github-actions: cron and systemd run the qpipe that runs now');
  const at = timeOf(args.at);
  const file = resolve(args.file);
  const used = usedVariables();
  const loaded = loadPipeline(file, { env: used.env });
  if (!loaded.ok) return tellDiagnostics(loaded.diagnostics);
  const { name } = loaded.pipeline;
  const out = outFolder(args.out);
  const job: Job = {
    name,
    file,
    out,
    log: join(out, 'logs', `${name}.log`),
    at,
    node: process.execPath,
    qpipe: join(packageRoot, 'bin', 'qpipe.js'),
    path: process.env['PATH'] ?? '',
    variables: used.names(),
    needed: used.names().filter((variable) => !loadPipeline(file, { env: { ...process.env, [variable]: undefined } }).ok),
  };
  refuseLineEnds(job);
  print(await unitsFor(kind, job, args.install));
  return 0;
}

async function unitsFor(kind: 'cron' | 'systemd' | 'github-actions', job: Job, install: string | undefined): Promise<Schedule> {
  if (kind === 'cron') return cronSchedule(job);
  if (kind === 'systemd') return systemdSchedule(job);
  const { file } = job;
  const repository = repositoryOf(file);
  const found = install === undefined ? await howInstalled({ root: packageRoot, repository, file }) : installedBy(install);
  return actionsSchedule(job, repository, found);
}

/** Units on stdout, apart by where they go; what to do with them on stderr. */
function print({ units, steps }: Schedule): void {
  const [only] = units;
  process.stdout.write(units.length === 1 && only ? only.text : units.map(({ place, text }) => `# ${place}\n${text}`).join('\n'));
  process.stderr.write(`${steps.join('\n')}\nNothing was installed.\n`);
}

function timeOf(written: string): Time {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(written) ?? [];
  if (hour === undefined || minute === undefined) throw new UserError(`--at takes a time of the day, such as 02:30, and not ${written}`);
  return { hour: Number(hour), minute: Number(minute) };
}

/** The environment, with a record of what was asked of it. */
function usedVariables(): { env: Environment; names: () => string[] } {
  const asked = new Set<string>();
  const env = new Proxy(process.env, {
    get: (variables, name) => {
      if (typeof name === 'string' && name !== 'HOME') asked.add(name);
      return Reflect.get(variables, name) as unknown;
    },
  });
  return { env, names: () => [...asked].sort() };
}

/** Neither a crontab nor a unit can hold them. */
function refuseLineEnds({ file, out, path }: Job): void {
  const bad = [file, out, path].find((text) => /[\r\n]/.test(text));
  if (bad !== undefined) throw new UserError(`${JSON.stringify(bad)} has a line end in it, which no schedule can hold`);
}

function repositoryOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}
