import type { Problem } from './problem.ts';
import { holdsSecretAddress } from './secret-address.ts';
import { below } from './tree.ts';

/** Addresses in a pipeline file that belong into the environment: the file is copied, committed and published. @param value as written, before variables are replaced */
export function literalSecrets(value: unknown, at = ''): Problem[] {
  if (typeof value === 'string')
    return holdsSecretAddress(value)
      ? [
          {
            at,
            message: 'this address is a secret: whoever reads this file can use it',
            fix: `put it into an environment variable, such as SLACK_WEBHOOK, and write \`"\${SLACK_WEBHOOK}"\`; if the file was shared, have a new one made`,
          },
        ]
      : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => literalSecrets(member, below(at, key)));
}
