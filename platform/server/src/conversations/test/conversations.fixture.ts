// Conversations of one node, as their tests want them.
import { createTestMessaging, textRequest } from '../../../test/support/messaging.ts';
import { sampleMessage } from '../../../test/support/samples.ts';

export async function setUp(...userIds: string[]) {
  const messaging = createTestMessaging();
  const node = messaging.node('n1');
  const { app } = messaging;
  if (userIds.length > 0)
    await node.conversations.put(app, 'c1', { title: 'One', participants: userIds.map((userId) => ({ userId })) });
  const say = async (sender: string, text = 'hello', change: object = {}) => {
    const { message } = await node.broadcasting.carry(
      app,
      { ...textRequest('c1', sender, text), ...change },
      { via: 'http-key' },
    );
    return message ?? sampleMessage({ seq: 0 });
  };
  const sayMany = async (n: number, sender = 'alice') => {
    for (let index = 1; index <= n; index += 1) await say(sender, `text ${index}`);
  };
  const entryOf = async (userId: string, id = 'c1') =>
    (await node.conversations.list(app, { userId, limit: 10 })).conversations.find((each) => each.id === id);
  return { ...messaging, ...node, app, say, sayMany, entryOf };
}

export const notFound = { code: 'not_found' };
