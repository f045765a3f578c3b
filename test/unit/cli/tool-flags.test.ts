import { expect, test } from 'vitest';
import { isOffline } from '../../../src/cli/tool-flags.ts';

test('offline is said by the flag, by QPIPE_OFFLINE, or by the variable of the Hub', () => {
  expect(isOffline({ offline: true }, {})).toBe(true);
  expect(isOffline({}, { QPIPE_OFFLINE: '1' })).toBe(true);
  expect(isOffline({ offline: false }, { HF_HUB_OFFLINE: 'TRUE' })).toBe(true);
  for (const env of [{}, { QPIPE_OFFLINE: '' }, { QPIPE_OFFLINE: '0', HF_HUB_OFFLINE: 'false' }]) expect(isOffline({}, env)).toBe(false);
});
