// Additions to a message as they are shown: reactions, a pin, the count of its replies. The message itself is
// message-adapter.ts.
import type { Message } from '@belfry/protocol';

export interface MessageReaction {
  /** An emoji, or a name that the app gives a meaning. */
  readonly reaction: string;
  /** In the order in which they gave it. */
  readonly userIds: readonly string[];
  /** The user is one of them. */
  readonly mine: boolean;
}

export interface AddedToMessage {
  /** In the order in which each was first given; absent where nobody reacted. */
  readonly reactions?: readonly MessageReaction[];
  /**
   * Of the replies that everybody in the conversation may see; absent where there is none. `lastAt` in ms
   * since the epoch.
   */
  readonly replies?: { readonly count: number; readonly lastAt: number };
  /** Absent where it is not. `at` in ms since the epoch; `by` is undefined where a back end pinned it. */
  readonly pinned?: { readonly at: number; readonly by: string | undefined };
  /** When one of these changed last, ms since the epoch. */
  readonly updatedAt?: number;
}

/** The fields of a message that say what is added to it. */
export type WireAdditions = Pick<Message, 'reactions' | 'replies' | 'pinned' | 'updatedAt'>;

/** Of `Message`, `new_message` and `message_updated`. */
export function additionsOf(data: WireAdditions, me: string | undefined): AddedToMessage {
  const { reactions = [], replies, pinned, updatedAt } = data;
  return {
    ...(reactions.length > 0 && {
      reactions: reactions.map((each) => ({ ...each, mine: me !== undefined && each.userIds.includes(me) })),
    }),
    ...(replies && { replies: { count: replies.count, lastAt: Date.parse(replies.lastAt) } }),
    ...(pinned && { pinned: { at: Date.parse(pinned.at), by: pinned.by } }),
    ...(updatedAt !== undefined && { updatedAt: Date.parse(updatedAt) }),
  };
}

/** The message with these additions instead of its own. */
export function withAdditions<M extends AddedToMessage>(message: M, added: AddedToMessage): M {
  const { reactions: _, replies: _replies, pinned: _pinned, updatedAt: _updatedAt, ...rest } = message;
  const { reactions, replies, pinned, updatedAt } = added;
  // The spread is all of M but the four that it may be without.
  return {
    ...rest,
    ...(reactions && { reactions }),
    ...(replies && { replies }),
    ...(pinned && { pinned }),
    ...(updatedAt !== undefined && { updatedAt }),
  } as M;
}
