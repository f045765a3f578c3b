import { dirname } from 'node:path';
import { type Job, type Schedule, variableSteps, variablesFile } from './job.ts';

/** A line for a crontab. */
export function cronSchedule(job: Job): Schedule {
  const { at, node, qpipe, file, out, log, path } = job;
  const look = [node, qpipe, 'watch', '--once', file, '--out', out].map(quoted).join(' ');
  const command = [
    `mkdir -p ${quoted(dirname(log))}`,
    `cd ${quoted(dirname(file))}`,
    ...readVariables(job),
    `PATH=${quoted(path)} ${look} >> ${quoted(log)} 2>&1`,
  ].join(' && ');
  // To cron a percent sign is the end of the line.
  const line = `${at.minute} ${at.hour} * * * ${command.replaceAll('%', '\\%')}\n`;
  return {
    units: [{ place: 'crontab -e', text: line }],
    steps: ['Add the line with `crontab -e`.', ...variableSteps(job), `What it prints goes to ${log}.`],
  };
}

/** A file that is needed and is not there ends the job with the shell's message. */
function readVariables(job: Job): string[] {
  if (job.variables.length === 0) return [];
  const file = `"$HOME"${quoted(variablesFile(job).slice(1))}`;
  const read = `set -a && . ${file} && set +a`;
  return [job.needed.length > 0 ? read : `if [ -e ${file} ]; then ${read}; fi`];
}

/** As a shell takes it for one word, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
