import { type Format, report as render } from '../../report/index.ts';
import { readResults } from '../../results/read.ts';
import { outFolder } from '../prepare.ts';
import { terminalWidth } from '../session.ts';

/** Renders saved results; the models are not needed. */
export async function report(args: { run: string | undefined; format: Format; out: string | undefined }): Promise<number> {
  const results = readResults(outFolder(args.out), args.run);
  process.stdout.write(render(results, args.format, terminalWidth()));
  return 0;
}
