// Names the users whom a broadcast or a delivery means: members, recipients, readers. The rule for one user
// and one message is ports/stores/addressing.ts; their connections are decide-realtime.ts.

import { addressedTo, isNarrowed, type Addressing } from '../ports/stores/addressing.ts';
import type { Delivery, SenderGets } from '../ports/delivery.ts';

/**
 * Per list of members, those without the last sender: whoever goes on sending gets the same list, which later
 * stages know again.
 */
const withoutSender = new WeakMap<readonly string[], { senderId: string; recipients: readonly string[] }>();

/** The members it is for. A sender is one of them only where the kind treats senders like anybody. */
export function recipientsOf(
  members: readonly string[],
  addressing: Addressing,
  sender: SenderGets,
): readonly string[] {
  const leftOut = sender === 'like_anybody' ? undefined : addressing.senderId;
  if (!isNarrowed(addressing)) return leftOut === undefined ? members : allBut(members, leftOut);
  const isFor = addressedTo(addressing);
  return members.filter((userId) => userId !== leftOut && isFor(userId));
}

function allBut(members: readonly string[], senderId: string): readonly string[] {
  const last = withoutSender.get(members);
  if (last?.senderId === senderId) return last.recipients;
  const recipients = members.filter((userId) => userId !== senderId);
  withoutSender.set(members, { senderId, recipients });
  return recipients;
}

/** Per list of recipients, the same with the last sender. */
const includingSender = new WeakMap<readonly string[], { senderId: string; users: readonly string[] }>();

/** The recipients, and the sender where they are a member: their other connections get it too. */
export function withSender(
  recipients: readonly string[],
  members: readonly string[],
  senderId: string | undefined,
): readonly string[] {
  if (senderId === undefined || recipients === members) return recipients;
  const last = includingSender.get(recipients);
  if (last?.senderId === senderId) return last.users;
  if (recipients.includes(senderId) || !members.includes(senderId)) return recipients;
  const users = [...recipients, senderId];
  includingSender.set(recipients, { senderId, users });
  return users;
}

/**
 * The users who alone may read it, where not everybody in its conversation may; undefined: everybody there,
 * now and later.
 */
export function readersOf(members: readonly string[], addressing: Addressing): readonly string[] | undefined {
  if (!isNarrowed(addressing)) return undefined;
  const readers = new Set(members.filter(addressedTo(addressing)));
  if (addressing.senderId !== undefined) readers.add(addressing.senderId);
  return [...readers];
}

/** The targets who are not among the members. */
export function strangersTo(members: readonly string[], { targets }: Addressing): readonly string[] {
  if (targets === undefined) return [];
  const known = new Set(members);
  return [...new Set(targets)].filter((userId) => !known.has(userId));
}

/**
 * Checks which users of its target a delivery is for; undefined: all of them. A list of users was narrowed
 * when it was made.
 */
export function narrowingOf({ to, senderId }: Delivery): ((userId: string) => boolean) | undefined {
  if ('users' in to) return undefined;
  const addressing = { senderId, targets: 'conversation' in to ? to.only : undefined, exclude: to.exclude };
  return isNarrowed(addressing) ? addressedTo(addressing) : undefined;
}

/**
 * The users whose connections a delivery concerns; `members` are those of its conversation. Topics and
 * everyone name nobody.
 */
export function usersOf({ to }: Delivery, members: readonly string[]): readonly string[] {
  if ('users' in to) return to.users;
  return 'conversation' in to ? members : [];
}
