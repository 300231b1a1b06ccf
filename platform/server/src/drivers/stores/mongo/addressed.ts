// Whom messages are for, as filters, and how many of them somebody has not read: `isAddressedTo` for this
// database.

import type { AppId } from '../../../ports/app-id.ts';
import { isAddressedTo } from '../../../ports/stores/addressing.ts';
import type { UnreadRange } from '../../../ports/stores/index.ts';
import { trusted, type Collection, type Stored } from './collection.ts';
import { notOfMessages, type MessageDocument } from './message-document.ts';

/** Ranges up to here are read and counted; counting longer ones takes several calls. */
const readUpTo = 200;

/** Most messages are for everybody: one of these is nearly always the one that is looked for. */
const lookAt = 5;

/** The newest message of the stream that is for the user and not deleted. */
export async function newestFor(
  messages: Collection<MessageDocument>,
  app: AppId,
  { stream, userId }: { stream: string; userId: string },
): Promise<Stored<MessageDocument> | undefined> {
  const newestFirst = { sort: { seq: -1 }, without: notOfMessages } as const;
  const last = await messages.find({ app, stream }, { ...newestFirst, limit: lookAt });
  const found = last.find((message) => message.deletedAt === undefined && isFor(message, userId));
  const oldest = last.at(-1);
  if (found !== undefined || oldest === undefined || last.length < lookAt) return found;
  return messages.findOne(
    {
      ...{ app, stream, seq: trusted({ $lt: oldest.seq }), deletedAt: trusted({ $exists: false }) },
      // As `isAddressedTo`.
      $or: [
        { sender: userId },
        { targets: trusted({ $exists: false }), exclude: trusted({ $ne: userId }) },
        { targets: userId, exclude: trusted({ $ne: userId }) },
      ],
    },
    newestFirst,
  );
}

/** Exact, and by the index alone where there are many: all, less those that are the user's own or not for them. */
export async function countUnread(
  messages: Collection<MessageDocument>,
  app: AppId,
  { userId, range }: { userId: string; range: UnreadRange },
): Promise<number> {
  const { stream, afterSeq, throughSeq = Number.MAX_SAFE_INTEGER } = range;
  const between = trusted({ $gt: afterSeq, $lte: throughSeq });
  const inRange = { app, stream, seq: between };
  const only = ['sender', 'targets', 'exclude', 'deletedAt'] as const;
  const first = await messages.find(inRange, { only, limit: readUpTo, sort: { seq: 1 } });
  if (first.length < readUpTo) return first.filter((message) => isUnread(message, userId)).length;
  const [all, own, exceptions] = await Promise.all([
    messages.count(inRange),
    messages.count({ ...inRange, sender: userId, exception: trusted({ $exists: false }) }),
    messages.find({ app, stream, exception: between }, { only }),
  ]);
  return all - own - exceptions.filter((message) => !isUnread(message, userId)).length;
}

type Read = Pick<MessageDocument, 'sender' | 'targets' | 'exclude' | 'deletedAt'>;

function isUnread(message: Read, userId: string): boolean {
  return message.sender !== userId && message.deletedAt === undefined && isFor(message, userId);
}

function isFor({ sender, targets, exclude }: Read, userId: string): boolean {
  return isAddressedTo({ senderId: sender, targets, exclude }, userId);
}
