import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { which } from '../spawn.ts';
import { cloneBundle } from './git-source.ts';
import type { Pin } from './pin.ts';
import type { Site } from './site.ts';
import { runStep } from './step.ts';

/** The git bundle of the release that the npm package carries for building on the user's machine. Never installed: its optional dependencies are hundreds of megabytes of GPU builds. */
export async function cloneFromNpm(pin: Pin, site: Site, folder: string): Promise<void> {
  if (which('npm') === null) throw new Failure('npm is not on PATH');
  const work = `${folder}-npm`;
  rmSync(work, { recursive: true, force: true });
  makeFolder(work);
  try {
    const tarball = await pack(pin, site, work);
    checkIntegrity(readFileSync(tarball), pin.npm.integrity);
    await unpack(site, tarball, pin.npm.member, work);
    await cloneBundle(join(work, pin.npm.member), site, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** `npm pack` and not a request of our own, so that the user's registry, proxy and certificates apply. */
async function pack(pin: Pin, site: Site, work: string): Promise<string> {
  site.on({ type: 'step', name: 'source', done: 0, total: 0, secondsLeft: null });
  const spec = `${pin.npm.package}@${pin.npm.version}`;
  const args = ['pack', spec, '--pack-destination', work, '--ignore-scripts'];
  const result = await runStep(site, { name: 'npm-pack', file: 'npm', args, cwd: work });
  if (!result.ok) throw new Failure(npmProblem(result.output) ?? result.problem);
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Failure('npm pack left no file');
  return join(work, tarball);
}

/** npm says what is wrong in its first line of prose, after a line with the code. */
export function npmProblem(output: string): string | null {
  const lines = output.split('\n').flatMap((line) => /^npm (?:error|ERR!) (.+)$/.exec(line)?.[1] ?? []);
  return lines.find((line) => !/^(code|errno|syscall|type) /.test(line)) ?? null;
}

export function checkIntegrity(content: Buffer, integrity: string): void {
  const found = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  if (found !== integrity) throw new Failure(`the package has the integrity ${found}, but the pin says ${integrity}; it is not used`);
}

async function unpack(site: Site, tarball: string, member: string, into: string): Promise<void> {
  const result = await runStep(site, { name: 'tar', file: 'tar', args: ['-xzf', tarball, '-C', into, member] });
  if (!result.ok) throw new Failure(`the package could not be unpacked: ${result.problem}`);
}
