// Which uploads a message may refer to.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { png } from '../../test/support/sample-files.ts';
import { createTestUploads, demo, incoming, other } from './test/uploads.fixture.ts';

let world: Awaited<ReturnType<typeof createTestUploads>>;
let uploadId: string;
beforeEach(async () => {
  world = await createTestUploads();
  ({ uploadId } = await world.uploads.take(demo, 'user:alice', incoming('a.png', png)));
});
afterEach(() => world.dispose());

const reference = { types: ['image/*'], path: ['items', 0, 'uploadId'] };
const check = (given: object = {}, senderId: string | undefined = 'alice', app = demo) =>
  world.references.check(app, senderId, [{ uploadId, ...reference, ...given }]);

test("the sender's own, of the right type, with nothing untrue said of it", async () => {
  await check();
  await check({ types: ['image/png'] });
  await check({ types: ['*'], says: { name: 'a.png', type: 'image/png', bytes: png.length } });
});

test('without a sender the app speaks, and may name any of its own', async () => {
  await world.references.check(demo, undefined, [{ uploadId, ...reference }]);
  await expect(world.references.check(other, undefined, [{ uploadId, ...reference }])).rejects.toBeDefined();
});

test('none at all', async () => {
  await world.references.check(demo, 'alice', []);
});

test.each<[what: string, attempt: () => Promise<void>]>([
  ["another user's", () => check({}, 'bob')],
  ["another app's", () => check({}, 'alice', other)],
  ['not there', () => check({ uploadId: '018f0000-0000-7000-8000-000000000001' })],
])('an upload that is %s is refused, and answered like the others', async (_what, attempt) => {
  await expect(attempt()).rejects.toMatchObject({
    code: 'invalid_content',
    path: ['content', 'items', 0, 'uploadId'],
    message: 'There is no such upload of this sender.',
  });
});

test.each<[what: string, given: object, field: string]>([
  ['type that it must have', { types: ['audio/*'] }, 'uploadId'],
  ['name', { says: { name: 'b.png' } }, 'name'],
  ['type', { says: { type: 'image/jpeg' } }, 'type'],
  ['size', { says: { bytes: 1 } }, 'bytes'],
])('an upload of another %s is refused where the message says so', async (_what, given, field) => {
  await expect(check(given)).rejects.toMatchObject({ code: 'invalid_content', path: ['content', 'items', 0, field] });
});

test('an upload that went between the check and the message is refused, and the message uses none', async () => {
  await check();
  await world.uploads.remove(demo, uploadId, 'alice');
  const readers = { conversationId: 'c1' };
  await expect(world.references.use(demo, 'm1', { uploadIds: [uploadId], readers })).rejects.toMatchObject({
    code: 'invalid_content',
  });
});
