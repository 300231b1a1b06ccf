// Starts of nodes of another version, which charts have marks for.
import { expect, test } from 'vitest';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import { recordVersionStart, versionStarts } from './version-starts.ts';

test('a start of the version that ran before is none; the first one is known, and no mark', async () => {
  const { installation } = createMemoryStores();
  expect(await versionStarts(installation)).toEqual([]);
  const starts = ['1.0.0', '1.0.0', '1.1.0', '1.1.0', '1.0.0'];
  for (const [at, version] of starts.entries()) await recordVersionStart(installation, { at, version });
  expect(await versionStarts(installation)).toEqual([
    { at: 2, version: '1.1.0' },
    { at: 4, version: '1.0.0' },
  ]);
});

test('few are kept, the newest', async () => {
  const { installation } = createMemoryStores();
  for (let at = 0; at < 100; at += 1) await recordVersionStart(installation, { at, version: `1.0.${at}` });
  const known = await versionStarts(installation);
  expect(known).toHaveLength(19);
  expect(known.at(-1)).toEqual({ at: 99, version: '1.0.99' });
});
