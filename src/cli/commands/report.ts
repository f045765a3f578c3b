import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { type Format, report as render } from '../../report/index.ts';
import { resultsSchema } from '../../results/schema.ts';
import { outFolder } from '../prepare.ts';
import { terminalWidth } from '../session.ts';

/** Renders saved results; the models are not needed. */
export async function report(args: { run: string | undefined; format: Format; out: string | undefined }): Promise<number> {
  const file = findResults(outFolder(args.out), args.run);
  const parsed = resultsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UserError(`${file} is not a results.json of this qpipe: ${parsed.error.issues[0]?.message}`);
  process.stdout.write(render(parsed.data, args.format, terminalWidth()));
  return 0;
}

function findResults(out: string, run: string | undefined): string {
  if (run === undefined) return newest(out);
  const places = [run, join(run, 'results.json'), join(out, run, 'results.json'), join(out, 'store', 'runs', run, 'results.json')];
  const found = places.find((place) => place.endsWith('.json') && existsSync(place));
  if (!found) throw new UserError(`there is no run ${run}: looked for ${places.slice(1).join(', ')}`);
  return found;
}

function newest(out: string): string {
  const folders = existsSync(out) ? readdirSync(out).map((name) => join(out, name, 'results.json')) : [];
  const [first] = folders.filter((file) => existsSync(file)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!first) throw new UserError(`${out} holds no results yet: run a pipeline first, or name the folder with --out`);
  return first;
}
