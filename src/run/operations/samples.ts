import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChatTemplate, readChatTemplate } from '../../chat/chat-template.ts';
import { type Message, renderChat } from '../../chat/render.ts';
import { Failure } from '../../errors.ts';
import { readGguf, whyNoPerplexity } from '../../gguf/header.ts';
import type { Question, SampleParams } from '../../plan/measure/sample-params.ts';
import { type Answer, completionArgs, failure, readAnswer, tokensLeft } from '../../tools/completion.ts';
import type { Progress } from '../../tools/tool.ts';
import type { Operation, Work } from '../operation.ts';
import { fileName } from './names.ts';
import { untilFinalBlock } from './retry.ts';

export interface SamplesResult {
  /** Whether the questions went through the model's own chat template. */
  template: boolean;
  /** In the order of the questions. */
  answers: Answer[];
}

/** Asks a model all questions, one after the other, each in a process of its own: no answer knows of another. */
export const samples: Operation<'samples'> = async (work) => {
  const { folder, task } = work;
  const { questions, system } = task.params;
  const model = join(folder, fileName(task, 'model'));
  const unfit = whyNoPerplexity(readGguf(model));
  if (unfit) throw new Failure(`it answers nothing: ${unfit}`);
  const template = task.params.template === 'auto' ? readChatTemplate(model) : null;
  const prompts = Object.values(questions).map((question) => promptOf(question, system, template));
  const answers: Answer[] = [];
  for (const prompt of prompts) answers.push(await answerTo(prompt, answers.length, work));
  return { template: template !== null, answers } satisfies SamplesResult;
};

interface PromptText {
  text: string;
  /** Begins with the token that begins a text, which then must not come twice. */
  hasBos: boolean;
}

function promptOf(question: Question, system: string | null, template: ChatTemplate | null): PromptText {
  if (template) {
    const messages = typeof question === 'string' ? [{ role: 'user', content: question }] : question;
    const text = renderChat(template, withSystem(messages, system), { answer: true });
    return { text, hasBos: template.bos !== '' && text.startsWith(template.bos) };
  }
  if (typeof question !== 'string') throw new Failure('the model has no chat template, and one of the prompts is a conversation');
  if (system !== null) throw new Failure('the model has no chat template, and there is a system message');
  return { text: question, hasBos: false };
}

function withSystem(messages: Message[], system: string | null): Message[] {
  return system === null || messages[0]?.role === 'system' ? messages : [{ role: 'system', content: system }, ...messages];
}

async function answerTo({ text, hasBos }: PromptText, index: number, work: Work<'samples'>): Promise<Answer> {
  const { task, folder, tools, call } = work;
  const { tokens, threads, gpuLayers, args } = task.params;
  const [prompt, log] = [`prompt-${index + 1}.txt`, `answer-${index + 1}.log`];
  // The tool takes one line break away from the end of the file.
  writeFileSync(join(folder, prompt), `${text}\n`);
  const { answer } = await untilFinalBlock(work, async () => {
    await call({
      name: 'llama-completion',
      file: tools.binaries.completion,
      args: completionArgs({
        model: fileName(task, 'model'),
        prompt,
        log,
        context: contextFor(text, tokens),
        tokens,
        addBos: hasBos ? false : null,
        threads,
        gpuLayers,
        extra: args,
      }),
      progress: progressFrom(index, task.params),
      explain: failure,
    });
    return readAnswer(existsSync(join(folder, log)) ? readFileSync(join(folder, log), 'latin1') : '');
  });
  return answer;
}

/** Room for prompt and answer in steps of 256, as llama.cpp has it. No tokenizer makes more tokens of a text than it has bytes, but for a few at its ends. */
function contextFor(text: string, tokens: number): number {
  const most = Buffer.byteLength(text) + tokens + 16;
  return 256 * Math.ceil(most / 256);
}

function progressFrom(index: number, { questions, tokens }: SampleParams): (line: string) => Progress | null {
  return (line) => {
    const left = tokensLeft(line);
    return left === null ? null : { done: (index + 1) * tokens - left, total: Object.keys(questions).length * tokens, unit: 'tokens' };
  };
}
