import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { version } from '../../dist/package-root.js';

export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    processors: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    qpipe: version(),
  };
}

/** Load averages of 1, 5 and 15 minutes. */
export function loadNow() {
  return loadavg();
}
