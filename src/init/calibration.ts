import type { Base } from './base.ts';
import type { Choice, Text } from './choice.ts';
import { type Looks, makesFiles } from './looks.ts';

export interface Calibration {
  text: string;
  chunks: number;
  /** Null: on the base. */
  from: string | null;
  missing: 'error' | 'raise';
}

/** Why there is no importance matrix; null when there is one. */
export function whyNoMatrix(looks: Looks, base: Base, wish: Text | 'none' | undefined): string | null {
  if (!makesFiles(looks)) return 'Nothing is made, so nothing needs an importance matrix.';
  if (base === null)
    return 'It would have to be computed with a model that does not fit into memory here. A finished one may be named: ./theirs.gguf.';
  return wish === 'none' ? 'As you said. `default` or a text makes one; below four bits it helps clearly.' : null;
}

export function chooseCalibration(looks: Looks, base: Base, text: Text, chunks: number): Choice<Calibration> {
  const from = base === 'auto' ? null : base;
  return {
    value: { text: text.name, chunks, from, missing: looks.experts ? 'raise' : 'error' },
    why: [
      `The importance matrix tells which errors matter, and makes nearly every type better. ${textInWords(text)}`,
      `${chunks} chunks of 512 tokens; ./calibration.txt is a text of yours, \`none\` leaves it out. Flag: --imatrix.`,
      ...(from === null
        ? []
        : [
            `It is computed on ${from}, because the full model does not fit into memory: it sees what goes through that quant, not through the full model.`,
          ]),
      ...(looks.experts
        ? ['Experts that the text never reaches get Q8_0 and are named in the report (`raise`); `error` would stop there.']
        : []),
    ].join(' '),
  };
}

function textInWords({ name }: Text): string {
  if (name === 'default') return 'The text that ships with qpipe suits its demo model: one like those that the model will meet is better.';
  if (name === 'wikitext-2-train')
    return "WikiText-2's training part: no sentence of it is evaluated, but text of its kind is, so that files look better there than on code or chat.";
  return 'The text that you named; never the one that is evaluated.';
}
