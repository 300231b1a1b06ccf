// The additions of a message after one change, for drivers that hold the message in their hands. Not the
// write that follows.

import type { Additions, Annotation, Reaction } from '../../ports/stores/index.ts';
import type { Person } from './erase-user.ts';

/** Undefined: it is so already. */
export function annotate(before: Additions, change: Annotation): Additions | 'too_many' | undefined {
  const { reactions = [], pinned, addedAt = 0 } = before;
  const nextAt = Math.max(change.atMs, addedAt + 1);
  if (change.type === 'pin') {
    if (change.isOn === (pinned !== undefined)) return undefined;
    const { pinned: _, ...rest } = before;
    const by = change.by === undefined ? {} : { by: change.by };
    return { ...rest, ...(change.isOn ? { pinned: { at: change.atMs, ...by } } : {}), addedAt: nextAt };
  }
  const changed = react(reactions, change);
  return changed === undefined || changed === 'too_many'
    ? changed
    : { ...withReactions(before, changed), addedAt: nextAt };
}

/**
 * Without reactions of the person; what they pinned stays pinned, by the other name. Undefined: nothing is of
 * them.
 */
export function withoutPerson(before: Additions, { userId, as }: Person): Additions | undefined {
  const { reactions = [], pinned, addedAt = 0 } = before;
  const isPinner = pinned?.by === userId;
  if (!isPinner && !reactions.some(({ userIds }) => userIds.includes(userId))) return undefined;
  const left = withReactions(
    before,
    reactions.map((each) => without(each, userId)),
  );
  return { ...left, ...(isPinner && { pinned: { ...pinned, by: as } }), addedAt: addedAt + 1 };
}

function react(
  reactions: readonly Reaction[],
  { reaction, userId, isOn, limits }: Extract<Annotation, { type: 'reaction' }>,
): readonly Reaction[] | 'too_many' | undefined {
  const known = reactions.find((each) => each.reaction === reaction);
  if ((known?.userIds.includes(userId) ?? false) === isOn) return undefined;
  if (!isOn) return reactions.map((each) => (each === known ? without(each, userId) : each));
  if (known === undefined)
    return reactions.length < limits.reactionsPerMessage ? [...reactions, { reaction, userIds: [userId] }] : 'too_many';
  if (known.userIds.length >= limits.usersPerReaction) return 'too_many';
  return reactions.map((each) => (each === known ? { reaction, userIds: [...each.userIds, userId] } : each));
}

function without({ reaction, userIds }: Reaction, userId: string): Reaction {
  return { reaction, userIds: userIds.filter((each) => each !== userId) };
}

function withReactions(before: Additions, given: readonly Reaction[]): Additions {
  const { reactions: _, ...rest } = before;
  const reactions = given.filter(({ userIds }) => userIds.length > 0);
  return reactions.length === 0 ? rest : { ...rest, reactions };
}
