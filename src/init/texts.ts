import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { builtinTexts } from '../package-root.ts';
import { type NamedText, namedText, namesOfTexts } from '../texts/named.ts';
import type { Surroundings, Text } from './choice.ts';

type Use = NamedText['use'];

/** What is taken when nobody says: a text that others measure on too, where the network gives it, else what ships with qpipe. */
export function offeredTexts({ online }: { online: boolean }): Surroundings['texts'] {
  const named = online ? namesOfTexts().flatMap((name) => namedText(name) ?? []) : [];
  const offered = (use: Use) => [...named.filter((text) => text.use === use).map(asText), shipped(use)];
  return { evaluation: offered('evaluation'), calibration: offered('calibration') };
}

/** What a person names: `none`, a text with a name, or a file. Throws UserError for what is none of them. */
export function textNamed(written: string, use: Use): Text | 'none' {
  if (written === 'none') return written;
  if (written === 'default') return shipped(use);
  const named = namedText(written);
  if (named) return asText(named);
  const path = resolve(written);
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UserError(`there is no text ${written}: name a file, ${namesOfTexts().join(', ')}, default or none`);
  if (/\.(gguf|dat)$/.test(path))
    throw new UserError(`${written} is no text; a finished matrix is named in the pipeline: \`imatrix: ${written}\``);
  return { name: path, bytes: statSync(path).size };
}

function shipped(use: Use): Text {
  return { name: 'default', bytes: statSync(builtinTexts[use]).size };
}

function asText({ name, text }: NamedText): Text {
  return { name, bytes: text.size };
}
