import { type Answer, problem, storageProblem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';

/** The answer that a fault gives in place of the endpoint's; null when there is none. */
export function instead({ hub, path, faults }: Exchange): Answer | null {
  const status = faults.take('status');
  if (status !== undefined) return problemWith(status.status, status.message, status.headers);
  if (faults.take('captive-portal')) return { status: 200, body: { text: loginPage, contentType: 'text/html' } };
  const gated = faults.take('gated');
  if (gated !== undefined) return gatedRepo(gated.status);
  if (!faults.take('expired')) return null;
  hub.urls.expire(path);
  return urlExpired();
}

/** The endpoint's answer with what a fault changes in it. */
export function changed({ faults }: Exchange, answer: Answer): Answer {
  if (answer.body === undefined || !('json' in answer.body)) return answer;
  const { json } = answer.body;
  const entries = Array.isArray(json) ? faults.take('entries') : undefined;
  if (entries) return { ...answer, body: { json: [...(entries.replace ? [] : (json as unknown[])), ...entries.entries] } };
  const change = faults.take('json');
  return change ? { ...answer, body: { json: change.change(json) } } : answer;
}

/** What is said about a request that was carried out; null when nobody hears about it. */
export function afterwards({ faults, response }: Exchange, answer: Answer): Answer | null {
  const fault = answer.status < 400 ? faults.take('after-success') : undefined;
  if (fault === undefined) return answer;
  if (typeof fault.answer === 'number') return problemWith(fault.answer);
  if (fault.answer === 'cut') response.destroy();
  return null;
}

export function gatedRepo(status: 401 | 403): Answer {
  const missing = status === 401 ? 'Please log in.' : 'You are not in the authorized list.';
  return problem(status, 'GatedRepo', `Access to this repo is restricted. ${missing}`);
}

export function urlExpired(): Answer {
  return storageProblem(403, 'AccessDenied', 'Request has expired');
}

function problemWith(
  status: number,
  message = `Answered with ${status}, as the test wants it`,
  headers: Record<string, string> = {},
): Answer {
  return { ...problem(status, null, message), headers };
}

const loginPage = '<!doctype html><title>Welcome</title><p>Log in to use this network.</p>';
