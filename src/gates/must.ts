import { messageOf } from '../errors.ts';
import type { GateVerdict, Results, Sample } from '../results/schema.ts';

type Asked = NonNullable<Results['prompts']>['prompts'][number];
type Must = NonNullable<Asked['must']>;

/** Answers that have to match, or to be JSON: one verdict for each prompt and file. Where the base fails too, it is no fault of a file. */
export function mustVerdicts({ prompts, rows }: Results): GateVerdict[] {
  const base = rows.find(({ kind }) => kind === 'base');
  const asked = (prompts?.prompts ?? []).flatMap(({ name, must }) => (must === undefined ? [] : [{ name, must }]));
  return asked.flatMap(({ name, must }) =>
    rows.flatMap((row): GateVerdict[] => {
      if (row.kind !== 'quant') return [];
      const answer = row.samples?.find(({ prompt }) => prompt === name);
      const verdict = { metric: 'must', quant: row.name, prompt: name, level: 'fail' } as const;
      if (!answer) {
        const why = row.notMeasured.samples;
        return [{ ...verdict, outcome: 'unjudged', evidence: `"${name}" was not answered${why === undefined ? '' : `: ${why}`}` }];
      }
      const fault = faultOf(answer, must);
      if (fault === null) return [{ ...verdict, outcome: 'pass', evidence: `the answer to "${name}" ${demand(must)}` }];
      const ofBase = base?.samples?.find(({ prompt }) => prompt === name);
      const baseFails = ofBase !== undefined && faultOf(ofBase, must) !== null;
      const evidence = `the answer to "${name}" ${fault}: ${inShort(answer)}`;
      return baseFails
        ? [{ ...verdict, outcome: 'warn', evidence: `${evidence}; the base's fails too, so it is no fault of this file` }]
        : [{ ...verdict, outcome: 'fail', evidence: `${evidence}; the base's ${ofBase ? demand(must) : 'is not known'}` }];
    }),
  );
}

/** What is wrong with an answer, in words that follow it; null for nothing. */
function faultOf({ text, ended, tokens }: Sample, must: Must): string | null {
  if (typeof must === 'string') return new RegExp(must, 'u').test(text) ? null : `does not match ${must}`;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    if (/^\s*```/.test(text)) return 'is no JSON, as it stands in a code fence';
    return ended ? `is no JSON (${messageOf(error)})` : `is no JSON, as it was cut after ${tokens} tokens`;
  }
}

function demand(must: Must): string {
  return typeof must === 'string' ? `matches ${must}` : 'is JSON';
}

const longest = 60;

function inShort({ text }: Sample): string {
  const line = text.trim().replace(/\s+/g, ' ');
  const characters = [...line];
  return `"${characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line}"`;
}
