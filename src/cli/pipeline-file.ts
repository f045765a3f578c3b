import { existsSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { makeNamedFolder } from '../make-folder.ts';

/** Throws UserError for a file that cannot become a pipeline's. */
export function refuseFile(file: string, force: boolean): void {
  if (!['.yaml', '.yml'].includes(extname(file))) throw new UserError(`${file}: a pipeline's file ends in .yaml`);
  if (!force && existsSync(file)) throw new UserError(`${file} exists already: name another file with --write, or say --force`);
}

/** Never over a file that somebody has made meanwhile, unless forced. */
export function writePipeline(file: string, text: string, force: boolean): void {
  makeNamedFolder(dirname(resolve(file)), 'name another file with --write');
  writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
}
