import { Template } from '@huggingface/jinja';
import { Failure, messageOf } from '../errors.ts';
import type { ChatTemplate } from './chat-template.ts';

/** One turn of a conversation. */
export interface Message {
  /** `system`, `user`, `assistant`, or what else the template knows. */
  role: string;
  content: string;
}

/**
 * A conversation as the model's template writes it, begin-of-text token included where the template has one.
 * The same on every day: a template that asks for the date is told a fixed one.
 * Throws Failure, with the template's own words, when the template refuses the conversation or cannot be run.
 * @param options `answer`: ends where the model's answer begins
 */
export function renderChat(template: ChatTemplate, messages: Message[], { answer }: { answer: boolean }): string {
  try {
    return new Template(`${withoutClock}${template.source}`).render({
      messages,
      add_generation_prompt: answer,
      bos_token: template.bos,
      eos_token: template.eos,
      fixed_date: fixedDate,
    });
  } catch (thrown) {
    throw new Failure(`the model's chat template says: ${messageOf(thrown)}`);
  }
}

/** What is declared already cannot be handed in, only be set again. The line break after a block is not part of the text. */
const withoutClock = '{% set strftime_now = fixed_date %}\n';

/** Wednesday, 1 January 2025, midnight. */
const parts: Record<string, string> = {
  Y: '2025',
  m: '01',
  d: '01',
  H: '00',
  M: '00',
  S: '00',
  B: 'January',
  b: 'Jan',
  A: 'Wednesday',
  a: 'Wed',
  '%': '%',
};

function fixedDate(format: string): string {
  return format.replace(/%(.)/g, (written, part: string) => parts[part] ?? written);
}
