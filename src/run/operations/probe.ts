import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, messageOf } from '../../errors.ts';
import { readGguf } from '../../gguf/header.ts';
import type { LlamaCpp } from '../../tools/llama-cpp.ts';
import { probeArgs, readAnswer, scriptFailure } from '../../tools/merge.ts';
import { readIds, tokenizeArgs } from '../../tools/tokenize.ts';
import { firstOtherId, isReadApart, otherSpecialToken, otherTemplate, type Probed } from '../../tools/tokenizer-differences.ts';
import type { Operation, Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { converterEnvironment } from './convert.ts';

interface ProbeResult {
  /** Texts that gave the same tokens in Python and in llama.cpp. */
  texts: number;
  tokens: number;
  hasTemplate: boolean;
  /** Texts in which llama.cpp puts a space after special tokens, and Python does not. */
  apart: string[];
}

const readApart =
  'llama.cpp begins what follows a special token with a space, as with every SentencePiece tokenizer; Python does not with this one. Trained with Python, the model sees other first tokens there';

/** What the tokenizer's own files say against what the converted model does. The first difference is the failure. */
export const probe: Operation<'probe'> = async (work) => {
  const { folder } = work;
  const probed = await askPython(work);
  const { metadata } = readGguf(join(folder, 'model.gguf'));
  const wrong = otherSpecialToken(probed, metadata) ?? otherTemplate(probed, metadata);
  if (wrong !== null) throw new Failure(wrong);
  const apart: string[] = [];
  for (const text of probed.texts) {
    const ids = await idsOf(text.text, work);
    if (isReadApart(text, ids)) apart.push(text.name);
    const other = isReadApart(text, ids) ? null : firstOtherId(text, ids, probed.pieces);
    if (other !== null) throw new Failure(other);
  }
  if (apart.length > 0) work.note(`${readApart} (${apart.join(', ')}).`);
  const tokens = probed.texts.reduce((total, { ids }) => total + ids.length, 0);
  return { texts: probed.texts.length, tokens, hasTemplate: probed.template !== null, apart } satisfies ProbeResult;
};

async function askPython({ tools, call }: Work<'probe'>): Promise<Probed> {
  if (!tools.converter) throw new Failure('the converter is not set up');
  const { stdout } = await call({
    name: 'probe-tokenizer.py',
    file: tools.converter.python,
    args: probeArgs(),
    env: converterEnvironment,
    explain: scriptFailure,
  });
  return answer(() => readAnswer<Probed>(stdout), 'probe-tokenizer.py');
}

async function idsOf(text: string, { folder, tools, call }: Work<'probe'>): Promise<number[]> {
  writeFileSync(join(folder, 'probe.txt'), text);
  const file = tokenizeProgram(tools);
  const { stdout } = await call({ name: 'llama-tokenize', file, args: tokenizeArgs({ model: 'model.gguf', file: 'probe.txt' }) });
  return answer(() => readIds(stdout), 'llama-tokenize');
}

function answer<T>(read: () => T, tool: string): T {
  try {
    return read();
  } catch (thrown) {
    throw new Disbelieved(`${tool} ended well but ${messageOf(thrown)}`);
  }
}

/** Among the targets of qpipe's own build; a build of somebody's may lack it. Throws Failure then. */
export function tokenizeProgram({ binaries }: LlamaCpp): string {
  const folder = dirname(binaries.quantize);
  const path = join(folder, 'llama-tokenize');
  if (!existsSync(path))
    throw new Failure(`${folder} has no llama-tokenize, with which a merged model's tokenizer is checked: build that target too`);
  return path;
}
