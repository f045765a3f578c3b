import { Failure } from '../errors.ts';

/** Sends JSON, and once more when the server is in trouble. Throws Failure; of the address, which may be a secret, it says nothing. @param timeoutMs for each try, until the answer is there */
export async function post(url: string, body: unknown, timeoutMs: number): Promise<void> {
  const text = JSON.stringify(body);
  const first = await once(url, text, timeoutMs);
  const status = first >= 500 ? await once(url, text, timeoutMs) : first;
  if (status < 200 || status >= 300) throw new Failure(`it answers with status ${status}`);
}

async function once(url: string, body: string, timeoutMs: number): Promise<number> {
  const { Agent, EnvHttpProxyAgent, request } = await import('undici');
  const dispatcher = hasProxy() ? new EnvHttpProxyAgent() : new Agent();
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, dispatcher, signal });
    await answer.body.dump({ limit: 16_384 });
    return answer.statusCode;
  } catch (error) {
    const { name = '', code = '' } = error as NodeJS.ErrnoException;
    throw new Failure(name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : `it cannot be reached (${code || name})`);
  } finally {
    await dispatcher.destroy();
  }
}

function hasProxy(): boolean {
  return ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].some((name) => process.env[name]);
}
