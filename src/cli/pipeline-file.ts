import { existsSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { makeNamedFolder, refuseUnwritable } from '../make-folder.ts';

/** Throws UserError for a file that cannot become a pipeline's. */
export function refuseFile(file: string, force: boolean): void {
  if (!['.yaml', '.yml'].includes(extname(file))) throw new UserError(`${file}: a pipeline's file ends in .yaml`);
  if (!force && existsSync(file)) throw new UserError(`${file} exists already: name another file with --write, or say --force`);
  refuseUnwritable(dirname(resolve(file)), anotherFile);
}

const anotherFile = 'name another file with --write';

/** Never over a file that somebody has made meanwhile, unless forced. */
export function writePipeline(file: string, text: string, force: boolean): void {
  makeNamedFolder(dirname(resolve(file)), anotherFile);
  writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
}
