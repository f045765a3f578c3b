import { dirname } from 'node:path';
import { quoted } from './cron.ts';
import { type Job, type Schedule, variableSteps, variablesFile } from './job.ts';

const folder = '~/.config/systemd/user';

/** A service and its timer, for the user's own systemd. */
export function systemdSchedule(job: Job): Schedule {
  const unit = `qpipe-${job.name}`;
  return {
    units: [
      { place: `${folder}/${unit}.service`, text: service(job) },
      { place: `${folder}/${unit}.timer`, text: timer(job) },
    ],
    steps: [
      ...variableSteps(job),
      `Put the two units into ${folder}, then:`,
      `  mkdir -p ${quoted(dirname(job.log))}`,
      '  systemctl --user daemon-reload',
      `  systemctl --user enable --now ${unit}.timer`,
      '  loginctl enable-linger    # so that it runs while nobody is logged in',
      `What it prints goes to ${job.log}; systemctl --user status ${unit} shows how the last one ended.`,
    ],
  };
}

function service(job: Job): string {
  const { name, node, qpipe, file, out, log, path } = job;
  const words = [node, qpipe, 'watch', '--once', file, '--out', out].map((word) => inQuotes(word).replaceAll('$', '$$$$'));
  return lines([
    '[Unit]',
    `Description=qpipe watches ${percent(name)}`,
    '',
    '[Service]',
    'Type=oneshot',
    `WorkingDirectory=${percent(dirname(file))}`,
    `Environment=${inQuotes(`PATH=${path}`)}`,
    // With the dash a file that is not there is none.
    ...(job.variables.length > 0 ? [`EnvironmentFile=${job.needed.length > 0 ? '' : '-'}%h${percent(variablesFile(job).slice(1))}`] : []),
    `ExecStart=${words.join(' ')}`,
    `StandardOutput=append:${percent(log)}`,
    `StandardError=append:${percent(log)}`,
    // qpipe ends its tools itself, in good order.
    'KillMode=mixed',
    'TimeoutStopSec=60',
  ]);
}

/** A machine that slept over it catches up. */
function timer({ name, at: { hour, minute } }: Job): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return lines([
    '[Unit]',
    `Description=qpipe watches ${percent(name)} every day`,
    '',
    '[Timer]',
    `OnCalendar=*-*-* ${two(hour)}:${two(minute)}:00`,
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ]);
}

function inQuotes(word: string): string {
  return `"${percent(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A percent sign begins a specifier. */
function percent(text: string): string {
  return text.replaceAll('%', '%%');
}

function lines(all: string[]): string {
  return `${all.join('\n')}\n`;
}
