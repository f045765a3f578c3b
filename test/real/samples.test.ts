import '../support/own-machine.ts';
import { expect, test } from 'vitest';
import type { SamplesResult } from '../../src/run/operations/samples.ts';
import type { Answer } from '../../src/tools/completion.ts';
import type { Ran } from '../support/lab.ts';
import { realLab } from '../support/real-lab.ts';
import { samplesSuite } from '../support/samples-suite.ts';

samplesSuite('samples on llama.cpp', realLab);

test("through the model's own chat template the prompt is what the template writes, with one begin-of-text token", async () => {
  using lab = await realLab();
  const template = "{{ bos_token }}{% for m in messages %}{{ 'Question: ' + m.content + '\\nAnswer:' }}{% endfor %}";
  const nothing = { imatrix: 'none', evaluate: 'none', bench: 'none' };
  const made = await lab.run({ ...nothing, quants: [{ type: 'Q8_0', overrideKv: [`tokenizer.chat_template=str:${template}`] }] });
  const gguf = { gguf: lab.workspace.path('out', made.plan.pipeline, `${made.plan.model}-Q8_0.gguf`) };
  const ask = (prompt: string, more = {}) =>
    lab.run({ ...nothing, name: 'chat', model: gguf, quants: [], samples: { prompts: [prompt], tokens: 40, ...more } });
  const plain = await ask('Question: Why is the sky blue?\nAnswer:', { template: 'none' });
  const chat = await ask('Why is the sky blue?');
  expect([plain, chat].map(({ results }) => results.prompts?.template)).toEqual([null, "the model's own chat template"]);
  expect(answer(chat)).toEqual(answer(plain));
  expect(answer(chat)).toMatchObject({ ended: true, promptTokens: 13 });
});

function answer({ result }: Ran): Partial<Answer> {
  const outcome = result.outcomes.get('samples:base');
  const found = outcome && 'record' in outcome ? (outcome.record.result as SamplesResult).answers[0] : undefined;
  return { ...found, seconds: 0 };
}
