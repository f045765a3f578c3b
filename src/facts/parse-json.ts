import { UserError } from '../errors.ts';

/** JSON as Python writes it. Throws UserError with the file's name. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(withoutPythonNumbers(text));
  } catch {
    throw new UserError(`${file} is not valid JSON`);
  }
}

/** An object's fields; throws UserError when the file holds none. */
export function parseObject(text: string, file: string): Record<string, unknown> {
  const value = parseJson(text, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UserError(`${file} holds no JSON object`);
  return value as Record<string, unknown>;
}

/** Python also writes NaN and Infinity, which JSON does not have: `"time_step_limit": [0.0, Infinity]`. */
function withoutPythonNumbers(text: string): string {
  // A text without its end is taken for one to the end of the file: looked for from each quote anew, that would take minutes.
  return text.replace(/"(?:[^"\\]|\\(?:[\s\S]|$))*(?:"|$)|-?\b(?:Infinity|NaN)\b/g, (token) => (token.startsWith('"') ? token : 'null'));
}
