import { createHash } from 'node:crypto';
import { InternalError } from '../errors.ts';

/** JSON with sorted keys (RFC 8785): one text for one value, on every machine. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    // Compared by code unit: localeCompare would change with the ICU version.
    members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  const text = JSON.stringify(value);
  if (text === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new InternalError(`not a JSON value: ${String(value)}`);
  return text;
}

/** sha256 in hex of a value's canonical JSON, with the kind of record in front so that two kinds never share a digest. */
export function digestOf(kind: string, value: unknown): string {
  return createHash('sha256')
    .update(`${kind}\0${canonicalJson(value)}`)
    .digest('hex');
}
