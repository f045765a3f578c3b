import { notAHub } from './address.ts';
import { follow } from './follow.ts';
import { type Ask, interruption } from './network.ts';
import type { Office } from './office.ts';
import { jsonBody } from './outgoing.ts';
import { patiently } from './patiently.ts';
import { Refusal } from './refusal.ts';

export interface Question {
  method: NonNullable<Ask['method']>;
  /** From the Hub's own address on. */
  path: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** A short question, or a change that may be asked for twice. Answers what was said, null for what is no JSON. Throws Refusal, Interruption. */
export async function question({ network, site }: Office, { method, path, body, signal }: Question): Promise<unknown> {
  const url = new URL(`${site.endpoint}${path}`);
  const outgoing = body === undefined ? {} : { body: jsonBody(body) };
  const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  const asking = async () => {
    // A repo that was renamed answers with where it is now.
    const { answer, url: last } = await follow(
      network,
      { url, method, headers, signal, ...outgoing },
      { stopBefore: (next) => next.origin !== url.origin },
    );
    if (answer === null) throw notAHub(last);
    const text = await answer.body.text().catch((error: unknown) => {
      throw interruption(error, url);
    });
    return parsed(text);
  };
  return await patiently(asking, { timing: site.timing, signal });
}

/** The same, where one status is as good as an answer: null then. */
export async function questionOrNull(office: Office, asked: Question, status: (refusal: Refusal) => boolean): Promise<unknown> {
  try {
    return (await question(office, asked)) ?? {};
  } catch (error) {
    if (error instanceof Refusal && status(error)) return null;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
