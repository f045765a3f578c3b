import type { ChatTemplate } from '../chat/chat-template.ts';
import { type Turns, turnsOf } from '../chat/turns.ts';

/** A Modelfile for Ollama. Its template is written where the model's own is fixed texts around turns; where not, it says so. @param file beside it */
export function modelfile(file: string, template: ChatTemplate | null): string {
  const turns = template && turnsOf(template);
  const goTemplate = turns && inGo(turns);
  return [`FROM ./${file}`, ...(goTemplate ? [`TEMPLATE """${goTemplate}"""`, ...stops(turns)] : [`# ${whyWithout(template)}`]), ''].join(
    '\n',
  );
}

function whyWithout(template: ChatTemplate | null): string {
  if (!template) return 'The model has no chat template: it goes on with a text.';
  return "The model's own chat template does more than Ollama's language is tried with here; Ollama takes the one in the GGUF if it knows it.";
}

/** Null for texts that mean something in Ollama's own language. */
function inGo({ system, user, assistant, answer }: Turns): string | null {
  const texts = [system?.before, system?.after, user.before, user.after, assistant.before, assistant.after, answer].filter(
    (text) => text !== undefined,
  );
  if (texts.some((text) => /\{\{|\}\}|"""/.test(text))) return null;
  const turn = (role: string, { before, after }: Turns['user']) => `if eq .Role "${role}" }}${before}{{ .Content }}${after}`;
  const branches = [...(system ? [turn('system', system)] : []), turn('user', user), turn('assistant', assistant)];
  return `{{ range .Messages }}{{ ${branches.join('{{ else ')}{{ end }}{{ end }}${answer}`;
}

/** What ends an answer, where it stands in one line. */
function stops({ assistant }: Turns): string[] {
  const text = assistant.after.trim();
  return text === '' || /["\\\n]/.test(text) ? [] : [`PARAMETER stop "${text}"`];
}
