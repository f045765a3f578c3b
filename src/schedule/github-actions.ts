import { isAbsolute, relative } from 'node:path';
import { stringify } from 'yaml';
import { UserError } from '../errors.ts';
import { quoted } from './cron.ts';
import type { Install } from './install.ts';
import type { Job, Schedule } from './job.ts';

/** A workflow that keeps the store from night to night. @param root of the repository that holds the pipeline. Throws UserError for a pipeline outside of it */
export function actionsSchedule(job: Job, root: string, install: Install): Schedule {
  const { name, at, variables } = job;
  const file = relative(root, job.file);
  if (file.startsWith('..') || isAbsolute(file))
    throw new UserError(`${job.file} lies outside of ${root}, the repository that its workflow would check out`);
  // A colon, which no name holds: what begins with the key of `tiny` is not what `tiny-2` has kept.
  const key = `qpipe:${name}:`;
  const secrets = Object.fromEntries(
    ['HF_TOKEN', ...variables.filter((one) => one !== 'HF_TOKEN')].map((one) => [one, `\${{ secrets.${one} }}`]),
  );
  const kept = { path: ['out/store', '~/.cache/qpipe'].join('\n'), key: `${key}\${{ github.run_id }}` };
  const workflow = {
    name: `qpipe ${name}`,
    on: { schedule: [{ cron: `${at.minute} ${at.hour} * * *` }], workflow_dispatch: {} },
    // A second one waits: both would write the same store.
    concurrency: { group: `qpipe-${name}`, 'cancel-in-progress': false },
    permissions: { contents: 'read' },
    jobs: {
      [`qpipe-${name}`.replace(/[^\w-]/g, '-')]: {
        'runs-on': 'ubuntu-latest',
        steps: [
          { uses: 'actions/checkout@v4' },
          { uses: 'actions/setup-node@v4', with: { 'node-version': 22 } },
          { name: 'Install qpipe', run: `${install.commands.join('\n')}\n` },
          { name: 'What earlier nights made', uses: 'actions/cache/restore@v4', with: { ...kept, 'restore-keys': key } },
          { name: 'Look, and run when something changed', run: look(install.qpipe, file), env: secrets },
          { name: 'Keep it for the next night', if: 'always()', uses: 'actions/cache/save@v4', with: kept },
          { name: 'Show the report', if: 'always()', run: `cat ${quoted(`out/${name}/report.md`)} >> "$GITHUB_STEP_SUMMARY" || true` },
          {
            name: 'Keep the report',
            if: 'always()',
            uses: 'actions/upload-artifact@v4',
            with: {
              name: `qpipe-${name}`,
              path: [`out/${name}/report.html`, `out/${name}/results.json`].join('\n'),
              'if-no-files-found': 'ignore',
            },
          },
        ],
      },
    },
  };
  const place = `.github/workflows/qpipe-${name}.yml`;
  return {
    units: [{ place, text: stringify(workflow, { lineWidth: 0 }) }],
    steps: [
      `Commit it as ${place}. Its hours are UTC.`,
      install.says,
      `Secrets of the repository that it hands on, where they are set: ${Object.keys(secrets).join(', ')}.`,
      'The cache of Actions holds 10 GB for a repository: `keep: none` in the pipeline leaves out files that are not published.',
    ],
  };
}

/** Its exit code is the job's; what it means is said where people look first. */
function look(qpipe: string, file: string): string {
  return [
    'code=0',
    `${qpipe} watch --once ${quoted(file)} --out out || code=$?`,
    'case $code in',
    '  0) ;;',
    '  1) echo "::error::a gate or a task failed" ;;',
    '  2) echo "::error::the pipeline has a mistake" ;;',
    '  3) echo "::error::a gate could not be judged" ;;',
    '  *) echo "::error::qpipe ended with $code" ;;',
    'esac',
    'exit $code',
    '',
  ].join('\n');
}
