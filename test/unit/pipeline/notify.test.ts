import { describe, expect, test } from 'vitest';
import { formatDiagnostics } from '../../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../../src/pipeline/load.ts';
import { workspace } from '../../support/workspace.ts';

const slack = 'https://hooks.slack.com/services/T000/B000/hush';
const env = { SLACK_WEBHOOK: slack, HOOK: 'https://example.org/in?key=hush' };

/** What is said of a pipeline with such a `notify`, or what it becomes. */
function load(notify: string) {
  using space = workspace();
  space.write('model.gguf', 'GGUF');
  const file = space.write('nightly.yaml', `model: ./model.gguf\nquants: Q8_0\nnotify: ${notify}\n`);
  const loaded = loadPipeline(file, { env });
  const folder = space.root;
  return loaded.ok
    ? { folder, notify: loaded.pipeline.notify, said: '' }
    : { folder, notify: null, said: formatDiagnostics(loaded.diagnostics) };
}

describe('whom to tell', () => {
  test('one, or a list, with their occasions', () => {
    expect(load(`{ slack: "\${SLACK_WEBHOOK}" }`).notify).toEqual([
      { to: { kind: 'slack', url: slack }, when: ['changed', 'failed'], at: '/notify' },
    ]);
    expect(load(`[{ webhook: "\${HOOK}", when: always }, { run: [mail, -s, 7], when: [failed] }]`).notify).toEqual([
      { to: { kind: 'webhook', url: env.HOOK }, when: ['always'], at: '/notify/0' },
      { to: { kind: 'run', command: ['mail', '-s', '7'] }, when: ['failed'], at: '/notify/1' },
    ]);
  });

  test('a program beside the pipeline', () => {
    const { notify, folder } = load('{ run: [./tell.sh] }');
    expect(notify).toMatchObject([{ to: { command: [`${folder}/tell.sh`] } }]);
  });

  test('nobody here, where a variable is empty', () => {
    expect(load(`{ slack: "\${OTHER:-}" }`).notify).toMatchObject([{ to: { kind: 'slack', url: '' } }]);
  });
});

describe('mistakes are explained', () => {
  test.each([
    ['{ when: always }', 'nobody is named to be told'],
    [`{ slack: "\${SLACK_WEBHOOK}", run: [mail] }`, 'a notification goes one way, not by `slack` and `run`'],
    ['{ webhook: example.org }', 'this is no address of the web'],
    ['{ run: [] }', 'nothing is written here'],
    [`{ slack: "\${SLACK_WEBHOOK}", when: sometimes }`, 'sometimes'],
    [`{ slak: "\${SLACK_WEBHOOK}" }`, 'did you mean `slack`?'],
    [`{ slack: "\${NOT_SET}" }`, 'the environment variable `NOT_SET` is not set'],
  ])('%s', (written, message) => {
    expect(load(written).said).toContain(message);
  });
});

describe('an address that is a secret', () => {
  test.each([
    ['of Slack', `{ slack: ${slack} }`],
    ['of Discord', '{ webhook: https://discord.com/api/webhooks/1/hush }'],
    ['with a password', '{ webhook: https://me:hush@example.org/in }'],
    ['under a wrong key', `{ slak: ${slack} }`],
    ['alone', slack],
  ])('%s may not stand in the file, and is not shown', (_, written) => {
    const { said } = load(written);
    expect(said).toContain('this address is a secret: whoever reads this file can use it');
    expect(said).toContain(`write \`"\${SLACK_WEBHOOK}"\``);
    expect(said).not.toContain('hush');
  });

  test.each([`\${SLACK_WEBHOOK}`, `[\${HOOK}]`, `{ slack: [\${HOOK}] }`, `{ run: \${HOOK} }`, `{ slack: \${HOOK}, when: \${HOOK} }`])(
    'that comes from the environment is not shown either, whatever is wrong: %s',
    (written) => {
      const { said } = load(written.replace(/\$\{\w+\}/g, (variable) => `"${variable}"`));
      expect(said).not.toBe('');
      expect(said).not.toContain('hush');
    },
  );
});
