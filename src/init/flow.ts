import { stringify } from 'yaml';

/** A value of YAML in one line, as people write it. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, member]) => `${key}: ${flow(member)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return typeof value === 'string' ? text(value) : String(value);
}

/** What looks like a variable of a pipeline is none here. */
function text(value: string): string {
  const plain = value.replaceAll('${', () => '$${');
  return /^[\w.~/][\w./@:+-]*$/.test(plain) && stringify(plain).trimEnd() === plain ? plain : JSON.stringify(plain);
}
