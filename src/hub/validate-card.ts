import { z } from 'zod';
import type { Office } from './office.ts';
import { question } from './question.ts';
import { Refusal } from './refusal.ts';

const remarks = z.array(z.object({ message: z.string() })).default([]);
const verdict = z.object({ errors: remarks, warnings: remarks });

/** What the Hub would refuse of a card's metadata, and what it warns of: asked before anything large is sent. Throws Refusal, Interruption. */
export async function validateCard(
  office: Office,
  content: string,
  signal?: AbortSignal,
): Promise<{ errors: string[]; warnings: string[] }> {
  const said = await answer(office, content, signal);
  const { errors, warnings } = verdict.parse(said ?? {});
  return { errors: errors.map(({ message }) => message), warnings: warnings.map(({ message }) => message) };
}

/** A card that is refused comes with a status of its own, whose text the door does not read. */
async function answer(office: Office, content: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await question(office, { method: 'POST', path: '/api/validate-yaml', body: { content, repoType: 'model' }, signal });
  } catch (error) {
    if (!(error instanceof Refusal) || error.facts.status !== 400) throw error;
    return { errors: [{ message: error.facts.text || 'the Hub does not say what is wrong with it' }] };
  }
}
