// When uploads that no message uses go, and what a killed process left of them.

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inPieces, png } from '../../test/support/sample-files.ts';
import { createTestUploads, demo, incoming, other } from '../uploads/test/uploads.fixture.ts';

let world: Awaited<ReturnType<typeof createTestUploads>>;
beforeEach(async () => {
  world = await createTestUploads();
});
afterEach(() => world.dispose());

const hour = 3_600_000;
const take = async (app = demo): Promise<string> =>
  (await world.uploads.take(app, 'user:alice', incoming('a.png', png))).uploadId;
const use = (messageId: string, uploadIds: string[]) =>
  world.store.setUses(demo, messageId, { uploadIds, streams: ['c:c1'], at: world.clock.now() });

/** Lets time pass, then goes round once. */
async function pass(ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.tidying.once();
}

test('an upload that nobody uses is deleted after a day, an upload that a message uses is kept', async () => {
  const [unused, used] = [await take(), await take()];
  await use('m1', [used]);
  await pass(24 * hour);
  expect(await world.store.get(demo, unused)).toBeDefined();
  await pass(1);
  expect(await world.store.get(demo, unused)).toBeUndefined();
  await pass(1000 * hour);
  expect(await world.store.get(demo, used)).toBeDefined();
  expect(world.files()).toHaveLength(1);
  expect(await world.store.usage(demo)).toEqual({ count: 1, bytes: png.length });
});

test('the day begins anew when the last message that used it is deleted', async () => {
  const id = await take();
  await use('m1', [id]);
  await use('m2', [id]);
  await pass(100 * hour);
  await use('m1', []);
  await pass(100 * hour);
  await use('m2', []);
  await pass(24 * hour);
  expect(await world.store.get(demo, id)).toBeDefined();
  await pass(1);
  expect(await world.store.get(demo, id)).toBeUndefined();
  expect(world.files()).toEqual([]);
});

test('an app may keep them for another time', async () => {
  world.setUploads(demo, { unusedKeepMs: hour });
  const [short, long] = [await take(), await take(other)];
  await pass(hour + 1);
  expect(await world.store.get(demo, short)).toBeUndefined();
  expect(await world.store.get(other, long)).toBeDefined();
});

test('where messages are kept for a time, their uploads go after them', async () => {
  world.set(demo, { retentionMs: 48 * hour });
  const id = await take();
  await use('m1', [id]);
  await pass(48 * hour);
  await pass(24 * hour);
  expect(await world.store.get(demo, id)).toBeDefined();
  await pass(2);
  await pass(24 * hour + 1);
  expect(await world.store.get(demo, id)).toBeUndefined();
});

test('uploads that a killed process left are deleted by the next: one that arrived half, one that was being deleted', async () => {
  const [arriving, going] = [randomUUID(), await take()];
  await world.store.begin(demo, { id: arriving, createdAt: world.clock.now() });
  await world.blobs.put(demo, arriving, inPieces(png));
  await world.store.claim(demo, going, { evenIfUsed: true });
  await pass(300_000);
  expect(world.files().map((name) => name.slice(-36))).toEqual([arriving]);
  await pass(60_001);
  expect(world.files()).toEqual([]);
});

test('an upload that arrives just now is left alone', async () => {
  const id = randomUUID();
  await world.store.begin(demo, { id, createdAt: world.clock.now() });
  await pass(299_999);
  const arrived = {
    userId: 'alice',
    name: 'a.png',
    type: 'image/png',
    bytes: 1,
    digest: 'd',
    quotaBytes: 10,
    unusedPerUser: 9,
  };
  expect(await world.store.complete(demo, id, arrived)).toBe('stored');
});

test('goes round every ten minutes, and says when it could not', async () => {
  world.stores.fail('uploads.claimIdle');
  await world.tidying.start();
  await world.clock.advance(1_200_000);
  expect(world.warnings).toHaveLength(3);
  await world.tidying.stop();
  await world.clock.advance(1_200_000);
  expect(world.warnings).toHaveLength(3);
  expect(world.clock.pending()).toBe(0);
});
