import { z } from 'zod';

/** How descriptions of such words begin. */
export const laterMark = 'Not available yet';

/** A word that the design has and this version does not: it is described in an editor and refused by name. */
export function later(word: string, description: string, fix = 'leave it out for now') {
  return z
    .unknown()
    .refine(() => false, { error: `\`${word}\` is not available yet`, params: { aboutKey: true, fix } })
    .optional()
    .describe(`${laterMark}: ${description}`);
}

/** What a check says that knows more than the form of a value. */
export function complain(
  context: z.core.$RefinementCtx,
  message: string,
  more: { path?: PropertyKey[]; fix: string; aboutKey?: boolean },
): void {
  const { path = [], ...params } = more;
  context.addIssue({ code: 'custom', message, path, params });
}
