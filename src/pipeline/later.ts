import { z } from 'zod';

/** A word that the design has and this version does not: it can be completed in an editor and is refused by name. */
export function later(word: string, description: string) {
  return z
    .unknown()
    .refine(() => false, notYet(word))
    .optional()
    .describe(`Not available yet: ${description}`);
}

/** How a check says that something is not available yet. */
export function notYet(word: string, fix?: string) {
  return { error: `\`${word}\` is not available yet`, params: { aboutKey: true, ...(fix === undefined ? {} : { fix }) } };
}

export function complain(context: z.core.$RefinementCtx, message: string, more: { path?: PropertyKey[]; fix?: string } = {}): void {
  const { path = [], fix } = more;
  context.addIssue({ code: 'custom', message, path, params: fix === undefined ? {} : { fix } });
}
