import { dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { type Job, type Schedule, variableSteps, variablesFile } from './job.ts';

/** Bytes: of a longer command cron says "command too long". */
const longestCommand = 998;

/** The same of a value: a variable's whole line may have some more. */
const longestValue = 900;

/** A line for a crontab, with the folders of programs on lines of their own where all are too long for one. Throws UserError where the job alone is. */
export function cronSchedule(job: Job): Schedule {
  const folders = [...new Set(job.path.split(':'))];
  const whole = commandOf(job, quoted(folders.join(':')));
  const lines = fits(whole) ? [whole] : inParts(job, folders);
  const times = `${job.at.minute} ${job.at.hour} * * *`;
  return {
    units: [{ place: 'crontab -e', text: [...lines.slice(0, -1), `${times} ${lines.at(-1)}`].map((line) => `${line}\n`).join('') }],
    steps: [
      `Add the ${lines.length === 1 ? 'line' : `${lines.length} lines`} with \`crontab -e\`.`,
      ...variableSteps(job),
      `What it prints goes to ${job.log}.`,
    ],
  };
}

/** Variables by names of their own, and the command: all that stands below in the table has them too, and a PATH of qpipe's is nothing for other jobs. */
function inParts(job: Job, folders: string[]): string[] {
  const names: string[] = [];
  const lines = partsOf(folders).map((part, i) => {
    names.push(`$QPIPE_PATH_${i + 1}`);
    return `QPIPE_PATH_${i + 1}=${quotedForCron(part)}`;
  });
  const command = commandOf(job, `"${names.join(':')}"`);
  if (fits(command)) return [...lines, command];
  const length = Buffer.byteLength(command);
  throw new UserError(`the command for cron has ${length} bytes, and cron takes ${longestCommand}: name shorter paths, or ${otherwise}`);
}

function partsOf(folders: string[]): string[] {
  const parts: string[] = [];
  for (const folder of folders) {
    const longer = [...parts.slice(-1), folder].join(':');
    if (parts.length > 0 && Buffer.byteLength(longer) <= longestValue) parts[parts.length - 1] = longer;
    else parts.push(folder);
  }
  return parts;
}

/** To cron a value ends at the next quote of the kind that it began with. */
function quotedForCron(value: string): string {
  const quote = ['"', "'"].find((one) => !value.includes(one));
  if (quote === undefined || Buffer.byteLength(value) > longestValue)
    throw new UserError(`PATH has folders that are too long for a line of cron, or have both kinds of quotes in them: ${otherwise}`);
  return `${quote}${value}${quote}`;
}

const otherwise = 'take --systemd, which has no such limit';

function fits(command: string): boolean {
  return Buffer.byteLength(command) <= longestCommand;
}

/** @param path as a word of the shell */
function commandOf(job: Job, path: string): string {
  const { node, qpipe, file, out, log } = job;
  const look = [node, qpipe, 'watch', '--once', file, '--out', out].map(quoted).join(' ');
  const command = [
    `mkdir -p ${quoted(dirname(log))}`,
    `cd ${quoted(dirname(file))}`,
    ...readVariables(job),
    `PATH=${path} ${look} >> ${quoted(log)} 2>&1`,
  ].join(' && ');
  // To cron a percent sign is the end of the line.
  return command.replaceAll('%', '\\%');
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
