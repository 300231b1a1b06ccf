// Takes one person out of the logs of an app, a part at a time. Not the logs: messages.ts.

import { BelfryError, inboxStream } from '@belfry/protocol';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { isCountedReply, replyToOf } from '../../../ports/stores/additions.ts';
import type { Erased, EraseRequest, Page, PageRequest, StoredMessage } from '../../../ports/stores/index.ts';
import { withoutPerson } from '../annotate.ts';
import { renameUser, withinJson, type Person } from '../erase-user.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import { containing, scanPart } from './erasing-scan.ts';
import { updateOf } from './message-additions.ts';
import { clearedAdditions, notOfMessages, termsField, toMessage, type MessageDocument } from './message-document.ts';
import type { RemovedConversations } from './removed-conversations.ts';
import type { ReplyCounts } from './reply-counts.ts';

type Request = EraseRequest & { removedAtMs?: number | undefined };

export interface MessageErasingParts {
  messages: Collection<MessageDocument>;
  removed: RemovedConversations;
  replyCounts: ReplyCounts;
}

const writesAtOnce = 10;
/** Somebody else edits the message at the same time. */
const tries = 5;

export class MessageErasing {
  readonly #messages: Collection<MessageDocument>;
  readonly #removed: RemovedConversations;
  readonly #replyCounts: ReplyCounts;

  constructor(parts: MessageErasingParts) {
    this.#messages = parts.messages;
    this.#removed = parts.removed;
    this.#replyCounts = parts.replyCounts;
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
        ...[{ data: containing(withinJson(userId)) }, { 'reactions.userIds': userId }, { pinnedBy: userId }],
      ],
    } as Filter<MessageDocument>;
    const { found, next } = await this.#scan(app, { after, limit, hits });
    const streams = new Set<string>();
    let erased = 0;
    await forEachBounded(found, writesAtOnce, async (document) => {
      if (!(await this.#takeOut(app, document, request))) return;
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
  async #takeOut(app: AppId, document: Stored<MessageDocument>, request: Request): Promise<boolean> {
    let before: Stored<MessageDocument> | undefined = document;
    for (let tried = 0; before !== undefined && tried < tries; tried += 1) {
      if (before.stream === inboxStream(request.userId)) return (await this.#messages.remove({ _id: before._id })) > 0;
      const change = changeOf(before, request);
      if (change === undefined) return false;
      const { _id, data, sender, stream, addedAt = trusted({ $exists: false }) } = before;
      if ((await this.#messages.update({ _id, data, sender, addedAt }, change)).matched > 0) {
        const { owesCount: id } = change.$set;
        const { removedAtMs = 0 } = request;
        if (id !== undefined) await this.#replyCounts.recount(app, [{ stream, id }], removedAtMs);
        return true;
      }
      before = await this.#messages.findOne({ _id });
    }
    if (before === undefined) return false;
    throw new BelfryError('unavailable', { cause: new Error('others keep changing the message') });
  }
}

interface Change {
  $set: Partial<MessageDocument>;
  $unset: Record<string, number>;
  $max: { changedAt?: number };
}

function changeOf(document: MessageDocument, { userId, as, removedAtMs }: Request): Change | undefined {
  const person = { userId, as };
  const isSender = document.sender === userId;
  const isEmptied = isSender && removedAtMs !== undefined && document.deletedAt === undefined;
  const renamed = renameUser(JSON.parse(document.data), person) as Record<string, unknown>;
  const content = isEmptied ? {} : renamed;
  const data = JSON.stringify(content);
  const list = (users: readonly string[] | undefined) =>
    users?.includes(userId) === true ? (renameUser(users, person) as string[]) : undefined;
  const [targets, exclude] = [list(document.targets), list(document.exclude)];
  const additions = isEmptied ? undefined : additionsWithout(document, person);
  const isNamed = [targets, exclude, additions].some((each) => each !== undefined);
  if (!isSender && data === document.data && !isNamed) return undefined;
  const isFound = !isEmptied && document.deletedAt === undefined;
  return {
    $set: {
      ...{ data, ...(targets && { targets }), ...(exclude && { exclude }), ...additions?.$set },
      ...(isFound && termsField(document.stream, content)),
      // The sender's own id of it may say who they were, and a digest what they wrote.
      ...(isSender && { sender: as, cid: document.id, bodyHash: '' }),
      ...(isEmptied && emptied(document, removedAtMs)),
    },
    $unset: {
      ...additions?.$unset,
      ...(isEmptied && { dueAt: 1, taker: 1, terms: 1, ...clearedAdditions }),
    },
    $max: { ...additions?.$max },
  };
}

function additionsWithout(document: MessageDocument, person: Person): ReturnType<typeof updateOf> | undefined {
  const left = withoutPerson(toMessage(document), person);
  return left === undefined ? undefined : updateOf(left, document.seq);
}

function emptied(document: MessageDocument, removedAtMs: number): Partial<MessageDocument> {
  const { seq } = document;
  const message = toMessage(document);
  const answers = isCountedReply(message) ? replyToOf(message) : undefined;
  return {
    ...{ deletedAt: removedAtMs, changedAt: removedAtMs, exception: seq },
    ...(answers !== undefined && { owesCount: answers }),
  };
}
