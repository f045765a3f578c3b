import { companionsInWords } from './in-words.ts';
import type { Looks } from './looks.ts';

/** What can be said of where the model comes from. */
export function whyModel({ source, hasChatTemplate, companions, trust }: Looks): string {
  return [
    ...('repo' in source
      ? [
          'From the Hub. What the revision stands for is written beside this file when it runs (`--locked` keeps to it); `repo@v1.0` names another.',
        ]
      : ['What is here. A repo of the Hub may stand here too: owner/name.']),
    ...(source.kind === 'repo-gguf' || source.kind === 'gguf'
      ? []
      : ['It is converted to F16; `convert: { type: bf16 }` where weights exceed that range.']),
    ...(hasChatTemplate ? [] : ['It has no chat template: a model that goes on with a text, and answers no questions.']),
    ...companions.map(
      (companion) => `It has ${companionsInWords[companion]}; leave it out of \`companions\` for the language model alone.`,
    ),
    ...(trust.length > 0 ? [`You trust it to run code here (${trust.join(', ')}).`] : []),
  ].join(' ');
}

export function whyRequantize(quantized: string): string {
  return `The source is quantized already (${quantized}). Its rounding is in every file and in the base, and no number shows it: take the full-precision weights where there are some, and remove this line.`;
}
