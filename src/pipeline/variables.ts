import type { Problem } from './problem.ts';
import { below, type Flat } from './tree.ts';

export type Environment = Record<string, string | undefined>;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string. What cannot be replaced stays and is a problem.
 * @param stays whether what is written at a pointer is only looked at, and replaced where it is used
 */
export function expandVariables(
  { value, origins }: Flat,
  env: Environment,
  stays: (at: string) => boolean = () => false,
): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const expanded = (part: unknown, at: string): unknown => {
    if (Array.isArray(part)) return part.map((member, i) => expanded(member, below(at, i)));
    if (typeof part === 'object' && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, expanded(member, below(at, key))]));
    if (typeof part !== 'string' || !part.includes('${')) return part;
    const result = expandText(part, env);
    problems.push(...result.problems.map((problem) => ({ at, ...problem })));
    if (stays(at)) return part;
    return origins.get(at)?.plain ? asYaml(result.text) : result.text;
  };
  return { value: expanded(value, ''), problems };
}

export function expandText(text: string, env: Environment): { text: string; problems: Pick<Problem, 'message' | 'fix'>[] } {
  const problems: Pick<Problem, 'message' | 'fix'>[] = [];
  const expanded = text.replace(/(\$?)\$\{([^}]*)(\}?)/g, (all, dollar: string, inside: string, end: string) => {
    if (dollar) return all.slice(1);
    const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? [];
    if (name === undefined || !end) {
      problems.push({
        message: `\`${all}\` is not a variable`,
        fix: spelling,
      });
      return all;
    }
    // As in a shell, `:-` also serves for a variable that is set to nothing.
    const value = fallback === undefined ? env[name] : env[name] || fallback;
    if (value === undefined)
      problems.push({ message: `the environment variable \`${name}\` is not set`, fix: `set it, or give a default: \`\${${name}:-...}\`` });
    return value ?? all;
  });
  return { text: expanded, problems };
}

const spelling = `write \`\${NAME}\` or \`\${NAME:-default}\`; \`$\${\` stands for a plain \`\${\``;

/** `chunks: ${CHUNKS}` is a number when the variable holds one, as it would be had it been typed there. */
function asYaml(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text;
}
