import { z } from 'zod';
import { complain } from './later.ts';

const occasion = z.enum(['always', 'changed', 'failed']);

/** Empty switches it off: `${SLACK_WEBHOOK:-}` where the variable is not set. What is wrong is never shown: it may be the secret. */
const address = z.string().superRefine((written, context) => {
  if (written !== '' && !isAddress(written))
    complain(context, 'this is no address of the web', { fix: 'it begins with `https://` or `http://`' });
});

const notification = z
  .strictObject({
    slack: address
      .optional()
      .describe('Address of an incoming webhook of Slack. It is a secret: let it come from the environment.')
      .meta({ examples: [`\${SLACK_WEBHOOK}`] }),
    webhook: address
      .optional()
      .describe('Address that takes the summary of a run as JSON, by POST.')
      .meta({ examples: [`\${NIGHTLY_WEBHOOK}`] }),
    run: z
      .array(z.union([z.string().min(1), z.number()]))
      .min(1)
      .optional()
      .describe(
        'A program with its arguments. It finds the summary as JSON on its standard input, and the most important of it in QPIPE_ variables.',
      )
      .meta({ examples: [['./tell.sh', 'team']] }),
    when: z
      .union([occasion, z.array(occasion).min(1)])
      .optional()
      .describe('After every run, after one that made something new, after one that did not pass. Default: changed and failed.')
      .meta({ examples: ['always', ['failed']] }),
  })
  .superRefine((written, context) => {
    const [first, second] = (['slack', 'webhook', 'run'] as const).filter((key) => written[key] !== undefined);
    if (first === undefined)
      complain(context, 'nobody is named to be told', { fix: 'add `slack:` or `webhook:` with an address, or `run:` with a program' });
    else if (second !== undefined)
      complain(context, `a notification goes one way, not by \`${first}\` and \`${second}\``, {
        path: [second],
        fix: 'make a list of two notifications',
      });
  });

/** Refused without showing it: a bare address is as secret. */
const wrongForm = z
  .string()
  .superRefine((_written, context) => {
    complain(context, 'a notification says which way it goes', { fix: `write \`notify: { slack: "\${SLACK_WEBHOOK}" }\`` });
  })
  .meta({ not: {} });

export const notify = z
  .union([notification, z.array(z.union([notification, wrongForm])).min(1), wrongForm])
  .describe('Whom to tell how a run ended. What cannot be told fails no run.')
  .meta({ examples: [{ slack: `\${SLACK_WEBHOOK}` }, [{ run: ['./tell.sh'], when: 'always' }]] });

type WrittenNotification = z.infer<typeof notification>;

/** Somebody to be told how a run ended. */
export interface Notification {
  /** `url` is a secret: of it only the host is ever shown. Empty where the pipeline leaves it out on this machine. */
  to: { kind: 'slack' | 'webhook'; url: string } | { kind: 'run'; command: [string, ...string[]] };
  when: z.infer<typeof occasion>[];
  /** JSON pointer into the places. */
  at: string;
}

/** @param absolute makes an absolute path of one that is written at a place */
export function notifications(written: z.infer<typeof notify> | undefined, absolute: (path: string, at: string) => string): Notification[] {
  if (written === undefined) return [];
  const list = Array.isArray(written) ? written : [written];
  return list.flatMap((one, i) => {
    // The schema has complained of a string already.
    if (typeof one === 'string') return [];
    const at = Array.isArray(written) ? `/notify/${i}` : '/notify';
    const { when = ['changed', 'failed'] } = one;
    const program = (name: string) => (name.includes('/') ? absolute(name, `${at}/run`) : name);
    return [{ to: receiver(one, program), when: typeof when === 'string' ? [when] : when, at }];
  });
}

function receiver({ slack, webhook, run = [] }: WrittenNotification, programOf: (name: string) => string): Notification['to'] {
  if (slack !== undefined) return { kind: 'slack', url: slack };
  if (webhook !== undefined) return { kind: 'webhook', url: webhook };
  const [program = '', ...rest] = run.map(String);
  return { kind: 'run', command: [programOf(program), ...rest] };
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
