// Takes one person out of the logs of an app, a part at a time. Not the logs: messages.ts.

import { BelfryError, inboxStream } from '@belfry/protocol';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type { Erased, EraseRequest, Page, PageRequest, StoredMessage } from '../../../ports/stores/index.ts';
import { renameUser, withinJson } from '../erase-user.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import { containing, scanPart } from './erasing-scan.ts';
import { notOfMessages, termsField, toMessage, type MessageDocument } from './message-document.ts';
import type { RemovedConversations } from './removed-conversations.ts';

type Request = EraseRequest & { removedAtMs?: number | undefined };

const writesAtOnce = 10;
/** Somebody else edits the message at the same time. */
const tries = 5;

export class MessageErasing {
  readonly #messages: Collection<MessageDocument>;
  readonly #removed: RemovedConversations;

  constructor(messages: Collection<MessageDocument>, removed: RemovedConversations) {
    this.#messages = messages;
    this.#removed = removed;
  }

  async ofSender(app: AppId, userId: string, { after, limit }: PageRequest): Promise<Page<StoredMessage>> {
    const hits = { sender: userId, deletedAt: trusted({ $exists: false }) };
    const { found, next } = await this.#scan(app, { after, limit, hits });
    const items = (await this.#removed.without(app, found)).map(toMessage);
    return { items, ...(next === undefined ? {} : { next }) };
  }

  async erase(app: AppId, request: Request): Promise<Erased & { streams: readonly string[] }> {
    const { userId, after, limit } = request;
    const hits = {
      $or: [
        ...[{ sender: userId }, { stream: inboxStream(userId) }, { targets: userId }, { exclude: userId }],
        { data: containing(withinJson(userId)) },
      ],
    };
    const { found, next } = await this.#scan(app, { after, limit, hits });
    const streams = new Set<string>();
    let erased = 0;
    await forEachBounded(found, writesAtOnce, async (document) => {
      if (!(await this.#takeOut(document, request))) return;
      erased += 1;
      streams.add(document.stream);
    });
    return { erased, ...(next === undefined ? {} : { next }), streams: [...streams] };
  }

  #scan(
    app: AppId,
    { after, limit, hits }: { after: string | undefined; limit: number; hits: Filter<MessageDocument> },
  ): Promise<{ found: Stored<MessageDocument>[]; next?: string }> {
    const order = ['storedAt', '_id'] as const;
    return scanPart(this.#messages, { app, order, after, limit, hits, without: notOfMessages });
  }

  /** Whether the message named the person. */
  async #takeOut(document: Stored<MessageDocument>, request: Request): Promise<boolean> {
    let before: Stored<MessageDocument> | undefined = document;
    for (let tried = 0; before !== undefined && tried < tries; tried += 1) {
      if (before.stream === inboxStream(request.userId)) return (await this.#messages.remove({ _id: before._id })) > 0;
      const change = changeOf(before, request);
      if (change === undefined) return false;
      const isSame = { _id: before._id, data: before.data, sender: before.sender };
      if ((await this.#messages.update(isSame, change)).matched > 0) return true;
      before = await this.#messages.findOne({ _id: before._id });
    }
    if (before === undefined) return false;
    throw new BelfryError('unavailable', { cause: new Error('others keep changing the message') });
  }
}

function changeOf(
  document: MessageDocument,
  { userId, as, removedAtMs }: Request,
): { $set: Partial<MessageDocument>; $unset?: Record<string, 1> } | undefined {
  const person = { userId, as };
  const { stream, seq } = document;
  const isSender = document.sender === userId;
  const isEmptied = isSender && removedAtMs !== undefined && document.deletedAt === undefined;
  const renamed = renameUser(JSON.parse(document.data), person) as Record<string, unknown>;
  const content = isEmptied ? {} : renamed;
  const data = JSON.stringify(content);
  const list = (users: readonly string[] | undefined) =>
    users?.includes(userId) === true ? (renameUser(users, person) as string[]) : undefined;
  const [targets, exclude] = [list(document.targets), list(document.exclude)];
  const isChanged = isSender || data !== document.data || targets !== undefined || exclude !== undefined;
  if (!isChanged) return undefined;
  const isFound = !isEmptied && document.deletedAt === undefined;
  return {
    $set: {
      ...{ data, ...(targets && { targets }), ...(exclude && { exclude }) },
      ...(isFound && termsField(stream, content)),
      // The sender's own id of it may say who they were, and a digest what they wrote.
      ...(isSender && { sender: as, cid: document.id, bodyHash: '' }),
      ...(isEmptied && { deletedAt: removedAtMs, changedAt: removedAtMs, exception: seq }),
    },
    ...(isEmptied && { $unset: { dueAt: 1, taker: 1, terms: 1 } }),
  };
}
