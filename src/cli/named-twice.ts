import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';

/** Throws UserError where one pipeline is named twice, by whatever paths, or two have one name. @param files as they were named @param nameOf the name of the pipeline in a file, by its whole path */
export function refuseNamedTwice(files: string[], nameOf: (file: string) => string): void {
  const paths = files.map((file) => (existsSync(file) ? realpathSync(file) : resolve(file)));
  const again = paths.findIndex((path, i) => paths.indexOf(path) !== i);
  if (again >= 0) {
    const [first = '', second = ''] = [files[paths.indexOf(paths[again] ?? '')], files[again]];
    throw new UserError(first === second ? `${first} is named twice: name it once` : `${first} and ${second} are one file: name it once`);
  }
  const names = files.map((file) => nameOf(resolve(file)));
  const same = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (same < 0) return;
  const first = files[names.indexOf(names[same] ?? '')];
  throw new UserError(`the pipelines of ${first} and ${files[same]} are both called ${names[same]}: give one of them another \`name:\``);
}
