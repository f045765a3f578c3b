/**
 * A regular expression of Python's `re`, as far as both languages have it; null for one that Python would not read, and for the few things that
 * JavaScript has not (conditions, atomic groups, possessive repeats, references to groups).
 */
export function readPattern(written: string): RegExp | null {
  const flags = /^\(\?([imsau]+)\)/.exec(written);
  let isOdd = false;
  const source = written.slice(flags?.[0].length ?? 0).replace(tokens, (token) => {
    const read = inJavaScript(token);
    isOdd ||= read === null;
    return read ?? '';
  });
  if (isOdd) return null;
  try {
    // By itself first: brackets of its own that nothing opened would close the ones around it.
    new RegExp(source);
    return new RegExp(`^(?:${source})$`, flags?.[1]?.replace(/[au]/g, ''));
  } catch {
    return null;
  }
}

/** An escape, a set of characters, the beginning of a group, a repeat, or a character. */
const tokens = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<[^>]*>|\(\?P=[^)]*\)|\(\?<[=!][\w.]*\)|\(\?[\s\S]?|\{,?\d*,?\d*\}|[\s\S]/g;

function inJavaScript(token: string): string | null {
  if (token.startsWith('\\')) return escapes[token] ?? (/^\\[bBdDsSwWfnrtv]$|^\\[^\da-zA-Z]$/.test(token) ? token : null);
  if (token.startsWith('[') && token.length > 1) return setOf(token);
  if (token.startsWith('(?P<')) return /^\(\?P<[A-Za-z_]\w*>$/.test(token) ? token.replace('P', '') : null;
  // Behind what was read Python looks by a fixed number of characters alone.
  if (token.startsWith('(?')) return ['(?:', '(?=', '(?!'].includes(token) || token.endsWith(')') ? token : null;
  // Without a least number it is none.
  return /^\{,\d*\}$/.test(token) ? token.replace('{', '{0') : token;
}

const escapes: Record<string, string> = { '\\A': '^', '\\Z': '$' };

/** Of a set the first bracket is a character; JavaScript would end it there. */
function setOf(token: string): string | null {
  const [, begin = '', first = '', rest = ''] = /^(\[\^?)(\]?)([\s\S]*)$/.exec(token) ?? [];
  const known = /^(?:\\[bdDsSwWfnrtv]|\\[^\da-zA-Z]|[^\\])*$/.test(rest);
  const isRange = /\\[dDsSwW]-[^\]]|[^\\]-\\[dDsSwW]/.test(rest);
  return known && !isRange ? `${begin}${first && '\\]'}${rest}` : null;
}
