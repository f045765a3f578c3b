export interface HubName {
  repo: string;
  revision: string | undefined;
  /** What follows a colon: a file, or a quant type. */
  rest: string | undefined;
}

/** `owner/name`, `owner/name@revision`, `owner/name:Q4_K_M`; null for a path, which starts with `.`, `/` or `~`, or ends in `.gguf` without a colon. */
export function hubName(written: string): HubName | null {
  const found = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@([^:]+))?(?::(.+))?$/.exec(written);
  if (!found?.[1] || (found[3] === undefined && written.endsWith('.gguf'))) return null;
  return { repo: found[1], revision: found[2], rest: found[3] };
}
