import { UserError } from '../../errors.ts';
import { harmlessAll } from '../../harmless.ts';
import { samplesReport } from '../../report/samples.ts';
import { readResults } from '../../results/read.ts';
import { outFolder } from '../prepare.ts';
import { terminalWidth } from '../terminal-width.ts';

export interface SamplesOptions {
  /** None for the newest. */
  run: string | undefined;
  out: string | undefined;
}

/** Shows the answers of a run. */
export async function samples({ run, out }: SamplesOptions): Promise<number> {
  const results = harmlessAll(readResults(outFolder(out), run));
  if (!results.prompts) throw new UserError(`${results.pipeline} asks nothing: add \`samples: default\` to its pipeline, and run it again`);
  process.stdout.write(samplesReport(results, terminalWidth().width));
  return 0;
}
