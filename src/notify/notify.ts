import { basename } from 'node:path';
import { Failure, messageOf } from '../errors.ts';
import type { Notification } from '../pipeline/written-notify.ts';
import { capture } from '../spawn.ts';
import { post } from './post.ts';
import { slackMessage } from './slack.ts';
import type { Summary } from './summary.ts';

interface NotifyOptions {
  /** Where programs start: the pipeline's folder. */
  folder: string;
  /** Hears of what could not be told. */
  onProblem: (sentence: string) => void;
  /** For an answer of a server. Default: 10 seconds. */
  answerMs?: number;
  /** For a program. Default: one minute. */
  programMs?: number;
}

/** Tells everybody who wants to hear of such a run. Never throws: a notification that fails is told and changes nothing. */
export async function notify(notifications: Notification[], summary: Summary, options: NotifyOptions): Promise<void> {
  const wanted = notifications.filter((one) => isWanted(one, summary));
  await Promise.all(
    wanted.map(async ({ to }) => {
      try {
        await tell(to, summary, options);
      } catch (thrown) {
        options.onProblem(`the notification to ${nameOf(to)} failed: ${messageOf(thrown)}`);
      }
    }),
  );
}

function isWanted({ to, when }: Notification, { isNew, exitCode }: Summary): boolean {
  if (to.kind !== 'run' && to.url === '') return false;
  return when.includes('always') || (when.includes('changed') && isNew) || (when.includes('failed') && exitCode !== 0);
}

async function tell(
  to: Notification['to'],
  summary: Summary,
  { folder, answerMs = 10_000, programMs = 60_000 }: NotifyOptions,
): Promise<void> {
  if (to.kind !== 'run') return await post(to.url, to.kind === 'slack' ? slackMessage(summary) : summary, answerMs);
  const [program, ...args] = to.command;
  const input = `${JSON.stringify(summary)}\n`;
  const ended = await capture(program, args, { cwd: folder, environment: 'user', env: variablesOf(summary), input, timeoutMs: programMs });
  if (ended.problem !== undefined) throw new Failure('it cannot be started: is it there, and may it be run?');
  if (ended.code === 0) return;
  const how = ended.code === null ? `it was ended by ${ended.signal}` : `it exited with ${ended.code}`;
  const [last] = ended.stderr.trim().split('\n').slice(-1);
  throw new Failure(last ? `${how}: ${last.slice(0, 200)}` : how);
}

/** What a shell script needs, so that it need not read JSON. */
function variablesOf({ pipeline, run, verdict, exitCode, isNew, changed, report }: Summary): Record<string, string> {
  return {
    QPIPE_PIPELINE: pipeline,
    QPIPE_RUN: run ?? '',
    QPIPE_VERDICT: verdict,
    QPIPE_EXIT_CODE: String(exitCode),
    QPIPE_NEW: isNew ? '1' : '0',
    QPIPE_CHANGED: changed.join('; '),
    QPIPE_REPORT: report ?? '',
  };
}

/** Of an address the host alone: the rest may be a secret. */
function nameOf(to: Notification['to']): string {
  return to.kind === 'run' ? basename(to.command[0]) : new URL(to.url).host;
}
