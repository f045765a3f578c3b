import { expect, test } from 'vitest';
import { pastResults } from '../../../src/history/past-results.ts';
import { Store } from '../../../src/store/store.ts';
import { night } from '../../support/judged-nights.ts';
import { workspace } from '../../support/workspace.ts';

test('a history has the whole runs of its pipeline that can be read, the oldest first', () => {
  using space = workspace();
  const store = Store.open(space.path('store'));
  const write = (id: string, content: unknown) =>
    space.write(`store/runs/${id}/results.json`, typeof content === 'string' ? content : JSON.stringify(content));
  // By when they began, whatever their folders are called.
  write('b', night({ number: 1 }));
  write('a', night({ number: 2 }));
  write('partial', { ...night({ number: 3 }), partial: true });
  write('other', { ...night({ number: 4 }), pipeline: 'other' });
  write('torn', JSON.stringify(night({ number: 5 })).slice(0, 200));
  write('newer', { ...night({ number: 6 }), version: 2 });
  space.write('store/runs/without/events.ndjson', '');
  expect(pastResults(store, 'tiny').map(({ run }) => run.id)).toEqual([night({ number: 1 }).run.id, night({ number: 2 }).run.id]);
});
