/** What an endpoint answers; how it goes over the wire, in part or with a fault, is `send.ts`. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: JsonBody | TextBody | FileBody;
}

interface JsonBody {
  json: unknown;
}

interface TextBody {
  text: string;
  contentType: string;
}

/** A file of this machine. Ranges of it can be had. */
interface FileBody {
  file: string;
  size: number;
}

/** Thrown by whatever finds that a request cannot be served. */
export class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`answered with status ${answer.status}`);
    this.answer = answer;
  }
}

export function json(value: unknown, headers: Record<string, string> = {}): Answer {
  return { status: 200, headers, body: { json: value } };
}

/** @param code the Hub's name for what is wrong, which clients decide by; null where the Hub gives none */
export function problem(status: number, code: string | null, message: string): Answer {
  const headers = { ...(code !== null && { 'X-Error-Code': code }), 'X-Error-Message': message };
  return { status, headers, body: { json: { error: message } } };
}

/** How object storages speak of what is wrong. */
export function storageProblem(status: number, code: string, message: string): Answer {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: { text, contentType: 'application/xml' } };
}
