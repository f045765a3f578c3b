import { dirname } from 'node:path';
import { type Job, type Schedule, variableSteps, variablesFile } from './job.ts';

/** A line for a crontab. */
export function cronSchedule(job: Job): Schedule {
  const { at, node, qpipe, file, out, log, path } = job;
  const look = [node, qpipe, 'watch', '--once', file, '--out', out].map(quoted).join(' ');
  const command = [
    `mkdir -p ${quoted(dirname(log))}`,
    `cd ${quoted(dirname(file))}`,
    ...(job.variables.length > 0 ? [`set -a && . "$HOME"${quoted(variablesFile(job).slice(1))} && set +a`] : []),
    `PATH=${quoted(path)} ${look} >> ${quoted(log)} 2>&1`,
  ].join(' && ');
  // To cron a percent sign is the end of the line.
  const line = `${at.minute} ${at.hour} * * * ${command.replaceAll('%', '\\%')}\n`;
  return {
    units: [{ place: 'crontab -e', text: line }],
    steps: ['Add the line with `crontab -e`.', ...variableSteps(job), `What it prints goes to ${log}.`],
  };
}

/** As a shell takes it for one word, whatever is in it. */
export function quoted(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
