import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { runAttached } from '../spawn.ts';
import type { RunArguments } from './commands/run.ts';

type Handed = Omit<RunArguments, 'only' | 'force' | 'file' | 'locked' | 'new-reference'>;

/**
 * `qpipe run FILE` as a process of its own: one that crashes takes nothing along, and one that was installed anew meanwhile is run as it is
 * now. Returns its exit code; 1 when it died of a signal.
 */
export async function runInChild(file: string, args: Handed, signal: AbortSignal): Promise<number> {
  const words = [join(packageRoot, 'bin', 'qpipe.js'), 'run', file, ...flagsOf(args)];
  return (await runAttached(process.execPath, words, { cwd: process.cwd(), signal })) ?? 1;
}

/** The flags that were given, for the same command line once more. */
function flagsOf(args: Handed): string[] {
  const one = (name: string, value: string | number | undefined) => (value === undefined ? [] : [`--${name}=${value}`]);
  const alone = (name: string, is: boolean | undefined) => (is === true ? [`--${name}`] : []);
  return [
    ...one('out', args.out),
    ...one('llama-cpp', args['llama-cpp']),
    ...(args.cmake ?? []).flatMap((flag) => one('cmake', flag)),
    ...one('python', args.python),
    ...one('threads', args.threads),
    ...one('gpu-layers', args['gpu-layers']),
    ...one('token-file', args['token-file']),
    ...one('failures', args.failures),
    ...alone('offline', args.offline),
    ...alone('quiet', args.quiet),
    ...alone('json', args.json),
  ];
}
