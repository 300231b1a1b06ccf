// Rows of a user's list: which there are, and that the parts of one are of one moment.
import { expect, test } from 'vitest';
import { createTestMessaging, textRequest } from '../../test/support/messaging.ts';

const byKey = { via: 'http-key' as const };
const people = ['alice', 'bob'].map((userId) => ({ userId }));

/** Bob's row of a conversation in which Alice has said something, and says more while this of the row is read. */
async function rowWhile(read: 'heads' | 'countUnread') {
  let meanwhile = (): Promise<unknown> => Promise.resolve();
  const messaging = createTestMessaging({
    messagesOf: (messages) => ({
      ...messages,
      async heads(...args) {
        if (read === 'heads') await meanwhile();
        return await messages.heads(...args);
      },
      async countUnread(...args) {
        if (read === 'countUnread') await meanwhile();
        return await messages.countUnread(...args);
      },
    }),
  });
  const { app } = messaging;
  const { conversations, broadcasting } = messaging.node('n1');
  await conversations.put(app, 'c1', { participants: people });
  const say = () => broadcasting.carry(app, textRequest('c1', 'alice'), byKey);
  await say();
  meanwhile = () => {
    // Sending may read the same.
    meanwhile = () => Promise.resolve();
    return say();
  };
  return (await conversations.list(app, { userId: 'bob', limit: 1 })).conversations;
}

test('a message that comes while a row is read is above its head and not in its count', async () => {
  expect(await rowWhile('countUnread')).toMatchObject([{ headSeq: 1, unreadCount: 1 }]);
});

test('the newest message of a row is as new as its head, though one comes while it is read', async () => {
  expect(await rowWhile('heads')).toMatchObject([{ headSeq: 2, lastMessage: { seq: 2 } }]);
});

test('rows are read by their ids: those that the user is in, all in one page, with metadata', async () => {
  const messaging = createTestMessaging();
  const { app } = messaging;
  const { conversations } = messaging.node('n1');
  for (const id of ['c1', 'c2', 'c3']) await conversations.put(app, id, { participants: people, metadata: { id } });
  await conversations.put(app, 'others', { participants: [{ userId: 'alice' }] });
  const among = ['c3', 'none', 'c1', 'others'];
  const page = await conversations.list(app, { userId: 'bob', limit: 1, among });
  expect(page).toMatchObject({ conversations: [{ id: 'c3' }, { id: 'c1', metadata: { id: 'c1' } }] });
  expect(page).not.toHaveProperty('next');
});
