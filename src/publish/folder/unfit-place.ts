import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { statOf } from '../../pipeline/paths.ts';

/** Throws UserError for a place in which no folder can be made: what is in the way is named. */
export function refuseUnfitPlace(folder: string): void {
  for (const path of [folder, join(folder, 'builds')]) {
    const there = nearest(path);
    const stat = statOf(there);
    if (stat === null) throw new UserError(`${there} is a link that leads nowhere: mend it, or name another folder to publish to`);
    if (!stat.isDirectory())
      throw new UserError(`${there} is a file: name a folder to publish to${there === path ? '' : ', not one below it'}`);
  }
}

/** The path, or what is there of the way to it. */
function nearest(path: string): string {
  try {
    lstatSync(path);
    return path;
  } catch {
    return nearest(dirname(path));
  }
}
