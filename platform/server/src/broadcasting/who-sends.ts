// Who may send a kind, and so change what was sent: back ends, hooks, users, or users with a role. The audience
// of what is sent: audience.ts.
import type { MessageSender } from '@belfry/plugin-kit';
import { BelfryError } from '@belfry/protocol';
import type { KindRow } from './kinds.ts';

/** The way by which it came. */
type Sent = Pick<MessageSender, 'via'>;
type Sendable = Pick<KindRow, 'kind' | 'sentBy'>;

/** Throws `forbidden` where the kind is not sent in this way at all. Which of the users may: refuseWrongRole. */
export function refuseWrongWay({ kind, sentBy }: Sendable, { via }: Sent): void {
  const { backEnds, hooks, users } = sentBy;
  const may = { 'http-key': backEnds, console: backEnds, hook: hooks, socket: users, 'http-user': users };
  const whose = { 'http-key': 'back ends', console: 'back ends', hook: 'hooks', socket: 'users', 'http-user': 'users' };
  if (may[via] !== false) return;
  throw new BelfryError('forbidden', { message: `A ${kind} is not sent by ${whose[via]}.`, path: ['kind'] });
}

/** Throws `forbidden` for a user whose role in the conversation is none of those that send this kind. */
export function refuseWrongRole({ kind, sentBy }: Sendable, role: string | undefined): void {
  if (!Array.isArray(sentBy.users) || sentBy.users.some((allowed) => allowed === role)) return;
  const message = `A ${kind} is sent by those whose role is ${sentBy.users.join(' or ')}.`;
  throw new BelfryError('forbidden', { message, path: ['kind'] });
}

export function isUser({ via }: Sent): boolean {
  return via === 'socket' || via === 'http-user';
}
