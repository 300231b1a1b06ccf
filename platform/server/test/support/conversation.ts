// A conversation of three people over two nodes, and the calls of tests on it. Not the nodes: messaging.ts.

import { eventData, isEventAction, serverEventSchema, type BroadcastRequest } from '@belfry/protocol';
import { createTestMessaging, type TestNode, type TestSession } from './messaging.ts';

export const byKey = { via: 'http-key' as const };

/** Alice, Bob and Carol are in `c1`. */
export async function startConversation(options: Parameters<typeof createTestMessaging>[0] = {}) {
  const messaging = createTestMessaging(options);
  const [one, two] = [messaging.node('n1'), messaging.node('n2')];
  await one.conversations.put(messaging.app, 'c1', {
    participants: [{ userId: 'alice' }, { userId: 'bob' }, { userId: 'carol', role: 'consultant' }],
  });
  const carry = (request: BroadcastRequest, node: TestNode = one) =>
    node.broadcasting.carry(messaging.app, request, byKey);
  return { ...messaging, one, two, carry };
}

/** As the client of this connection would. */
export const say = (node: TestNode, session: TestSession, change: object = {}) =>
  node.chatActions.broadcastMessage(session.app, 'c1', {
    ...{ senderId: session.userId, type: 'text', content: { text: 'hello' }, ...change },
    origin: { via: 'socket', session },
  });

/** Everything that is sent must be what the protocol says. */
export function validateEvents({ outlet }: TestSession): void {
  for (const event of outlet.events) {
    serverEventSchema.parse(event);
    if (isEventAction(event.action)) eventData[event.action].parse(event.data);
  }
}
