// Additions to a message that stands, which are no messages: reactions, a pin, the count of its replies. A
// reply itself is a message like any other.

import { isNarrowed, type Addressing } from './addressing.ts';

/** The users who gave one reaction, in the order in which they gave it; never nobody. */
export interface Reaction {
  readonly reaction: string;
  readonly userIds: readonly string[];
}

/** Of a message that was deleted there are none. */
export interface Additions {
  /** In the order in which each was first given; absent when there is none. */
  reactions?: readonly Reaction[];
  /** ms since the epoch; `by` is absent where a back end spoke for itself. */
  pinned?: { readonly at: number; readonly by?: string };
  /**
   * Of those messages of the same stream that name it as `replyTo`, are for everybody in the stream and not
   * deleted. Exact. Absent when there is none.
   */
  replies?: { readonly count: number; readonly lastAt: number };
  /** When one of these changed last, ms since the epoch; greater with every change. */
  addedAt?: number;
}

/** One change of one message. What is so already stays as it is. */
export type Annotation = { atMs: number } & (
  | {
      type: 'reaction';
      reaction: string;
      userId: string;
      isOn: boolean;
      /** Above these it is `too_many`. */
      limits: { reactionsPerMessage: number; usersPerReaction: number };
    }
  | { type: 'pin'; isOn: boolean; by?: string | undefined }
);

/** The id of the message that it answers. */
export function replyToOf({ stream, data }: { stream: string; data: Readonly<Record<string, unknown>> }) {
  const { replyTo } = data;
  return stream.startsWith('c:') && typeof replyTo === 'string' ? replyTo : undefined;
}

/** Whether a reply is counted: of one for some alone, a count would tell those whom it is not for. */
export function isCountedReply(reply: Addressing & { deletedAt?: number | undefined }): boolean {
  return reply.deletedAt === undefined && !isNarrowed(reply);
}
