// An app that is erased: its files and records go before itself, and what comes late goes too.

import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import type { AppErased } from '../ports/app-data.ts';
import { asAppId } from '../ports/app-id.ts';
import { silentLog } from '../ports/log.ts';
import { sampleApp } from '../../test/support/samples.ts';
import { AppErasure } from './app-erasure.ts';

const app = asAppId('gone');

function world({ isWanted = true } = {}) {
  const clock = createVirtualClock();
  const erasingSince = isWanted ? clock.now() : undefined;
  const did: string[] = [];
  const files = ['f1', 'f2'];
  const parts: AppErased[] = [
    { erased: 500, done: 1, of: 4 },
    { erased: 9, done: 4, of: 4 },
    { erased: 1, done: 4, of: 4 },
  ];
  const erasure = new AppErasure({
    data: {
      uploads: async () => [...files],
      erase: async () => {
        did.push('records');
        return parts.shift() ?? { erased: 0, done: 4, of: 4 };
      },
    },
    blobs: { remove: async (_app, id) => did.push(`file ${id}`) > 0 },
    uploads: { forget: async (_app, ids) => void files.splice(0, ids.length) },
    tenancy: { app: async () => ({ ...sampleApp({ app, erasingSince }), version: 2 }) },
    apps: { remove: async () => void did.push('app') },
    surroundings: { clock, log: silentLog },
  });
  return { clock, did, erasure };
}

test('files go first, then records, and once more what came until all nodes had shut it out; the app goes last', async () => {
  const { clock, did, erasure } = world();
  const shares: number[] = [];
  const erasing = erasure.erase(app, { mayGoOn: () => true, reached: (share) => void shares.push(share) });
  await clock.advance(9_999);
  expect(did).toEqual(['file f1', 'file f2', 'records', 'records']);
  expect(shares).toEqual([0.25, 1]);
  await clock.advance(1000);
  await erasing;
  expect(did.slice(4)).toEqual(['records', 'app']);
});

test('one that may not go on leaves the app for a later round', async () => {
  const { did, erasure } = world();
  await erasure.erase(app, { mayGoOn: () => did.length < 1 });
  expect(did).not.toContain('app');
});

test('an app that nobody wanted erased is left alone', async () => {
  const { did, erasure } = world({ isWanted: false });
  await erasure.erase(app, { mayGoOn: () => true });
  expect(did).toEqual([]);
});
