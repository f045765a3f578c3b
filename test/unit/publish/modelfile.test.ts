import { describe, expect, test } from 'vitest';
import { turnsOf } from '../../../src/chat/turns.ts';
import { modelfile } from '../../../src/publish/modelfile.ts';

const template = (source: string) => ({ source, bos: '<s>', eos: '</s>' });
const chatml = template(
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
);
const llama2 = template(
  "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}{{ '[INST] ' + m['content'] + ' [/INST]' }}{% elif m['role'] == 'assistant' %}{{ ' ' + m['content'] + eos_token }}{% else %}{{ raise_exception('no such role') }}{% endif %}{% endfor %}",
);

describe('a chat template as fixed texts around turns', () => {
  test('where it is no more than that', () => {
    expect(turnsOf(chatml)).toEqual({
      system: { before: '<|im_start|>system\n', after: '<|im_end|>\n' },
      user: { before: '<|im_start|>user\n', after: '<|im_end|>\n' },
      assistant: { before: '<|im_start|>assistant\n', after: '<|im_end|>\n' },
      answer: '<|im_start|>assistant\n',
    });
  });

  test('without a system prompt where it refuses one', () => {
    expect(turnsOf(llama2)).toMatchObject({
      system: null,
      user: { before: '[INST] ', after: ' [/INST]' },
      assistant: { before: ' ', after: '</s>' },
      answer: '',
    });
  });

  test.each([
    ['that puts in a system prompt of its own', `{% if messages[0].role != 'system' %}SYSTEM: be nice\n{% endif %}${chatml.source}`],
    [
      'that counts turns',
      '{% for m in messages %}{{ loop.index }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}A:{% endif %}',
    ],
    ['that changes what is said', '{% for m in messages %}{{ m.role }}: {{ m.content | upper }}\n{% endfor %}'],
    ['that cannot be run', '{% for m in %}'],
  ])('and not for one %s', (_, source) => {
    expect(turnsOf(template(source))).toBeNull();
  });
});

describe('a Modelfile', () => {
  test("has the model's template in Ollama's language, and what ends an answer", () => {
    expect(modelfile('T-Q4_K_M.gguf', chatml)).toBe(
      'FROM ./T-Q4_K_M.gguf\nTEMPLATE """{{ range .Messages }}{{ if eq .Role "system" }}<|im_start|>system\n{{ .Content }}<|im_end|>\n{{ else if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n{{ else if eq .Role "assistant" }}<|im_start|>assistant\n{{ .Content }}<|im_end|>\n{{ end }}{{ end }}<|im_start|>assistant\n"""\nPARAMETER stop "<|im_end|>"\n',
    );
  });

  test.each([
    [
      'a template that does more',
      template('{% for m in messages %}{{ loop.index }}{{ m.content }}{% endfor %}'),
      /^FROM .*\n# The model's own chat template does more/,
    ],
    [
      "texts that mean something in Ollama's language",
      template("{% for m in messages %}{{ '{{' + m.content + '}}' }}{% endfor %}"),
      /^FROM .*\n# The model's own/,
    ],
    ['a model without one', null, /^FROM .*\n# The model has no chat template/],
  ])('says that it has none for %s', (_, of, text) => {
    expect(modelfile('T.gguf', of)).toMatch(text);
    expect(modelfile('T.gguf', of)).not.toContain('TEMPLATE');
  });
});
