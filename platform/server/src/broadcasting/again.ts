// Makes the request that sends a stored message once more, to some people: under its kind, or its own policy where
// it had none. Carrying it out: broadcast.ts.

import { BelfryError, deliveryPolicySchema, type BroadcastRequest } from '@belfry/protocol';
import type { AppId } from '../ports/app-id.ts';
import type { StoredMessage } from '../ports/stores/index.ts';
import type { Kinds } from './kinds.ts';

/**
 * `copies` of one message. Throws `not_found` without any (it was kept in no log), and `message_deleted` where its
 * content was taken away.
 */
export async function requestAgain(
  app: AppId,
  { copies, users }: { copies: readonly StoredMessage[]; users: readonly string[] },
  kinds: Pick<Kinds, 'find'>,
): Promise<BroadcastRequest> {
  const [message] = copies;
  if (message === undefined) {
    throw new BelfryError('not_found', { message: 'Its content was kept in no log, or is kept no more.' });
  }
  if (message.deletedAt !== undefined) throw new BelfryError('message_deleted');
  const { kind, action, data, senderId, conversationId, policy } = message;
  const { connectionTypes, feature: _feature, ...own } = policy;
  const narrowed = {
    ...(typeof policy.realtime === 'string' ? {} : { deviceTypes: [...policy.realtime] }),
    ...(connectionTypes === undefined ? {} : { connectionTypes: [...connectionTypes] }),
  };
  const named =
    (await kinds.find(app, kind)) === undefined ? { action, policy: deliveryPolicySchema.parse(own) } : { kind };
  return {
    ...named,
    data,
    ...(conversationId === undefined
      ? { audience: { users: [...users], ...narrowed } }
      : { audience: { conversation: conversationId, ...narrowed }, targetUserIds: [...users] }),
    ...(senderId === undefined ? {} : { sender: senderId }),
  };
}
