import { execFileSync, spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cronSchedule } from '../../../src/schedule/cron.ts';
import { actionsSchedule } from '../../../src/schedule/github-actions.ts';
import type { Job } from '../../../src/schedule/job.ts';
import { systemdSchedule } from '../../../src/schedule/systemd.ts';
import { which } from '../../../src/spawn.ts';
import { workspace } from '../../support/workspace.ts';

/** What reads units is asked where it is installed: `systemd-analyze verify`, `crontab -n`, the shell. Of the workflow the YAML is read and its shell lines run. */
const job: Job = {
  name: 'nightly',
  file: '/home/me/models/nightly.yaml',
  out: '/data/out',
  log: '/data/out/logs/nightly.log',
  at: { hour: 2, minute: 5 },
  node: process.execPath,
  qpipe: '/opt/qpipe/bin/qpipe.js',
  path: '/usr/local/bin:/usr/bin',
  variables: [],
  needed: [],
};

const install = { commands: ['npm ci', 'echo on the path'], qpipe: 'qpipe', says: 'As the lock file pins it.' };

/** Whatever a folder may be called. */
const awkward = {
  ...job,
  file: '/home/me/it\'s 100 % "mine" $HOME\\x/nightly.yaml',
  out: '/data/my out',
  log: '/data/my out/logs/nightly.log',
};

describe('a line for cron', () => {
  test('names everything by its whole path, and looks once', () => {
    const [unit] = cronSchedule(job).units;
    expect(unit?.text).toBe(
      `5 2 * * * mkdir -p /data/out/logs && cd /home/me/models && PATH=/usr/local/bin:/usr/bin ${process.execPath} /opt/qpipe/bin/qpipe.js watch --once /home/me/models/nightly.yaml --out /data/out >> /data/out/logs/nightly.log 2>&1\n`,
    );
  });

  test('comes through cron and the shell as it is meant, whatever folders are called', () => {
    using space = workspace();
    const folder = space.path(basename('it\'s 100 % "mine" $HOME\\x'));
    const told = space.path('told');
    const node = space.write('node', '#!/bin/sh\nfor one in "$@"; do echo "$one"; done; pwd\n');
    execFileSync('chmod', ['+x', node]);
    execFileSync('mkdir', ['-p', folder]);
    const file = `${folder}/nightly.yaml`;
    const [unit] = cronSchedule({ ...job, node, file, out: space.path('my out'), log: told, path: process.env['PATH'] ?? '' }).units;
    // What cron hands to the shell: all after the five times, with a percent sign for each escaped one.
    const command = (unit?.text ?? '').split(' ').slice(5).join(' ').trimEnd();
    expect(command.replaceAll('\\%', '')).not.toContain('%');
    execFileSync('/bin/sh', ['-c', command.replaceAll('\\%', '%')]);
    expect(space.read('told').split('\n')).toEqual([job.qpipe, 'watch', '--once', file, '--out', space.path('my out'), folder, '']);
  });

  test('finds the values of the pipeline in a file', () => {
    const { units, steps } = cronSchedule({ ...job, variables: ['SLACK_WEBHOOK'], needed: ['SLACK_WEBHOOK'] });
    expect(units[0]?.text).toContain('set -a && . "$HOME"/.config/qpipe/nightly.env && set +a && PATH=');
    expect(steps.join('\n')).toContain("SLACK_WEBHOOK='...'");
    expect(steps.join('\n')).toContain('chmod 600 ~/.config/qpipe/nightly.env');
  });
});

describe('a line that is too long for cron', () => {
  const folders = (count: number) => Array.from({ length: count }, (_, i) => `/home/me/tools/programs-${i}/bin`);
  const long = { ...job, path: folders(100).join(':') };

  test('has no folder twice', () => {
    const doubled = { ...job, path: [...folders(10), ...folders(10), ...folders(10)].join(':') };
    expect(cronSchedule(doubled).units[0]?.text).toBe(cronSchedule({ ...job, path: folders(10).join(':') }).units[0]?.text);
  });

  test('has the folders of programs on lines of their own, which other jobs are not touched by', () => {
    const { units, steps } = cronSchedule(long);
    const text = units[0]?.text ?? '';
    const lines = text.trimEnd().split('\n');
    const values = lines.slice(0, -1).map((line) => /^QPIPE_PATH_\d+="(.*)"$/.exec(line)?.[1]);
    expect(values.join(':')).toBe(long.path);
    expect(lines.at(-1)).toContain(` && PATH="${values.map((_, i) => `$QPIPE_PATH_${i + 1}`).join(':')}" ${process.execPath} `);
    expect(lines.filter((line) => Buffer.byteLength(line) > 990)).toEqual([]);
    expect(steps[0]).toBe(`Add the ${lines.length} lines with \`crontab -e\`.`);
  });

  test('is told of where the job alone is too long', () => {
    const file = `/home/${'deep/'.repeat(150)}nightly.yaml`;
    expect(() => cronSchedule({ ...job, file })).toThrow(
      /the command for cron has \d+ bytes, and cron takes 998: name shorter paths, or take --systemd/,
    );
    expect(() => cronSchedule({ ...long, path: `${long.path}:/it's "here"` })).toThrow(
      /PATH has folders that are too long .* both kinds of quotes/,
    );
  });
});

/** What stands in for a shell's environment file, where a pipeline takes some values, or only has defaults for them. */
describe('the file of variables', () => {
  const none = job;
  const defaults = { ...job, variables: ['PLACE'] };
  const needs = { ...job, variables: ['PLACE', 'HOOK'], needed: ['HOOK'] };
  const cron = (of: Job) => cronSchedule(of).units[0]?.text ?? '';
  const systemd = (of: Job) => systemdSchedule(of).units[0]?.text ?? '';

  test('is spoken of only where there are variables, and not asked for where all have defaults', () => {
    expect([cron(none), systemd(none)].join()).not.toContain('.env');
    expect(systemd(defaults)).toContain('EnvironmentFile=-%h/.config/qpipe/nightly.env\n');
    expect(systemd(needs)).toContain('EnvironmentFile=%h/.config/qpipe/nightly.env\n');
    expect(cronSchedule(defaults).steps.join('\n')).toMatch(/has defaults\. For other values/);
    expect(cronSchedule(needs).steps.join('\n')).toMatch(/a line each: HOOK='\.\.\.'\n\(these have defaults: PLACE\)/);
  });

  test.each([
    ['without it where all have defaults', defaults, null, 'ran with nothing'],
    ['with it where all have defaults', defaults, "PLACE='here & there'", 'ran with here & there'],
    ['not without it where one is needed', needs, null, null],
  ])('cron runs %s', (_, of, variables, expected) => {
    using space = workspace();
    const node = space.write('node', `#!/bin/sh\necho "ran with \${PLACE:-nothing}"\n`);
    execFileSync('chmod', ['+x', node]);
    if (variables !== null) space.write('.config/qpipe/nightly.env', `${variables}\n`);
    const line = cron({ ...of, node, file: space.path('nightly.yaml'), log: space.path('logs/log'), path: process.env['PATH'] ?? '' });
    const run = () =>
      execFileSync('/bin/sh', ['-c', line.split(' ').slice(5).join(' ')], {
        env: { HOME: space.root, PATH: process.env['PATH'] },
        stdio: 'pipe',
      });
    if (expected === null) expect(run).toThrow(/nightly\.env/);
    else {
      run();
      expect(space.read('logs/log')).toBe(`${expected}\n`);
    }
  });

  // Debian's cron checks a table with `-n` and leaves the user's as it is; to others the flag means something else.
  const crontab = which('crontab');
  const usage = spawnSync(crontab ?? 'true', ['-h'], { encoding: 'utf8' });
  const checker = `${usage.stdout}${usage.stderr}`.includes('dry run') ? crontab : null;

  test.skipIf(checker === null).each([
    ['plain', job],
    ['awkward', awkward],
    ['with variables', needs],
    ['with defaults', defaults],
    ['with many folders', { ...job, path: Array.from({ length: 100 }, (_, i) => `/home/me/programs-${i}/bin`).join(':') }],
  ])(`lines are taken by crontab -n${checker === null ? ' (skipped: it is not installed)' : ''}: %s`, (_, of) => {
    using space = workspace();
    execFileSync(checker ?? '', ['-n', space.write('table', cron(of))], { stdio: 'pipe' });
  });
});

describe('units for systemd', () => {
  const [service, timer] = systemdSchedule({ ...job, variables: ['SLACK_WEBHOOK'], needed: ['SLACK_WEBHOOK'] }).units;

  test('look once a day, catch up, and write a log', () => {
    expect(service?.place).toBe('~/.config/systemd/user/qpipe-nightly.service');
    expect(service?.text).toContain(
      `ExecStart="${process.execPath}" "/opt/qpipe/bin/qpipe.js" "watch" "--once" "/home/me/models/nightly.yaml" "--out" "/data/out"\n`,
    );
    expect(service?.text).toContain('StandardOutput=append:/data/out/logs/nightly.log\n');
    expect(service?.text).toContain('EnvironmentFile=%h/.config/qpipe/nightly.env\n');
    expect(timer?.text).toContain('OnCalendar=*-*-* 02:05:00\nPersistent=true\n');
  });

  test('escape what systemd would read in a path', () => {
    const [awkwardly] = systemdSchedule(awkward).units;
    expect(awkwardly?.text).toContain(`"/home/me/it's 100 %% \\"mine\\" $$HOME\\\\x/nightly.yaml"`);
    expect(awkwardly?.text).toContain(`WorkingDirectory=/home/me/it's 100 %% "mine" $HOME\\x\n`);
  });

  const verifier = which('systemd-analyze');

  test.skipIf(verifier === null).each([
    ['plain', job],
    ['awkward', awkward],
    ['with variables', { ...job, variables: ['HOOK'], needed: ['HOOK'] }],
    ['with defaults', { ...job, variables: ['PLACE'] }],
  ])(`are taken by systemd-analyze verify${verifier === null ? ' (skipped: it is not installed)' : ''}: %s`, (_, of) => {
    using space = workspace();
    const qpipe = space.write('qpipe.js', '');
    const files = systemdSchedule({ ...of, qpipe }).units.map(({ place, text }) => space.write(basename(place), text));
    const env = { ...process.env, XDG_RUNTIME_DIR: space.root };
    execFileSync(verifier ?? '', ['verify', '--user', '--man=no', ...files], { stdio: 'pipe', env });
  });
});

describe('a workflow for GitHub Actions', () => {
  const { units, steps } = actionsSchedule({ ...job, variables: ['SLACK_WEBHOOK'], needed: ['SLACK_WEBHOOK'] }, '/home/me', install);
  const workflow = parse(units[0]?.text ?? '') as {
    on: { schedule: { cron: string }[] };
    jobs: Record<
      string,
      { steps: { uses?: string; if?: string; run?: string; env?: Record<string, string>; with?: Record<string, unknown> }[] }
    >;
  };
  const made = workflow.jobs['qpipe-nightly']?.steps ?? [];

  test('is one that begins at the wanted time', () => {
    expect(units[0]?.place).toBe('.github/workflows/qpipe-nightly.yml');
    expect(workflow.on.schedule).toEqual([{ cron: '5 2 * * *' }]);
    expect(steps[0]).toContain('UTC');
  });

  test('keeps the store from night to night, also after a failure', () => {
    const [restore, save] = ['restore', 'save'].map((what) => made.find(({ uses }) => uses?.startsWith(`actions/cache/${what}`)));
    expect(restore?.with).toMatchObject({ 'restore-keys': 'qpipe:nightly:' });
    expect(save?.with?.['path']).toBe(restore?.with?.['path']);
    expect(save?.with?.['path']).toContain('out/store');
    expect(save?.if).toBe('always()');
  });

  test('takes nothing that another pipeline has kept', () => {
    const [other] = actionsSchedule({ ...job, name: 'nightly-2' }, '/home/me', install).units;
    const restore = made.find(({ uses }) => uses?.startsWith('actions/cache/restore'))?.with;
    expect(
      (parse(other?.text ?? '') as typeof workflow).jobs['qpipe-nightly-2']?.steps.some(({ with: kept }) =>
        String(kept?.['key']).startsWith(String(restore?.['restore-keys'])),
      ),
    ).toBe(false);
  });

  test('installs qpipe as it is told, before it looks, and fetches nothing by a name', () => {
    const at = made.findIndex(({ run }) => run === 'npm ci\necho on the path\n');
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(made.findIndex(({ env }) => env));
    expect(units[0]?.text).not.toMatch(/npx|qpipe@/);
    expect(steps).toContain('As the lock file pins it.');
  });

  test.each([0, 1, 2, 3])('ends with the exit code %d of qpipe', (code) => {
    using space = workspace();
    execFileSync('chmod', ['+x', space.write('qpipe', `#!/bin/sh\necho "$@" > asked\nexit ${code}\n`)]);
    const { run = '', env } = made.find(({ env }) => env) ?? {};
    expect(env).toEqual({ HF_TOKEN: `\${{ secrets.HF_TOKEN }}`, SLACK_WEBHOOK: `\${{ secrets.SLACK_WEBHOOK }}` });
    const options = { cwd: space.root, env: { PATH: `${space.root}:${process.env['PATH']}` }, stdio: 'pipe' as const };
    let status = 0;
    try {
      // As Actions runs it.
      execFileSync('bash', ['-e', '-o', 'pipefail', '-c', run], options);
    } catch (thrown) {
      status = (thrown as { status: number }).status;
    }
    expect(status).toBe(code);
    expect(space.read('asked')).toBe('watch --once models/nightly.yaml --out out\n');
  });

  test('of a pipeline outside of the repository is refused', () => {
    expect(() => actionsSchedule(job, '/srv/repo', install)).toThrow('/home/me/models/nightly.yaml lies outside of /srv/repo');
  });
});
