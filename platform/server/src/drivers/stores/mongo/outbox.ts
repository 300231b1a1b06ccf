// The relay's view of what is owed, over all apps. Not the logs: messages.ts.

import { randomUUID } from 'node:crypto';
import { forEachBounded } from '../../../concurrency/for-each-bounded.ts';
import { Served } from '../../../concurrency/served.ts';
import { asAppId } from '../../../ports/app-id.ts';
import type { OutboxStore, OutboxTake, OwedMessage } from '../../../ports/stores/index.ts';
import { takeInTurns } from '../take-in-turns.ts';
import { trusted, type Collection, type Filter, type Stored } from './collection.ts';
import { toMessage, type MessageDocument } from './message-document.ts';
import type { RemovedConversations } from './removed-conversations.ts';

type Owed = Stored<Pick<MessageDocument, 'dueAt'>>;

/** Of one call, while others take the same. */
const maxRounds = 20;
/** Apps that are read at once. */
const readsAtOnce = 10;

export class MongoOutbox implements OutboxStore {
  readonly #messages: Collection<MessageDocument>;
  readonly #removed: RemovedConversations;
  readonly #served = new Served();

  constructor(messages: Collection<MessageDocument>, removed: RemovedConversations) {
    this.#messages = messages;
    this.#removed = removed;
  }

  /** Goes on while others take what it saw, until it has enough or nothing is due. */
  async take(request: OutboxTake): Promise<readonly OwedMessage[]> {
    const taken: OwedMessage[] = [];
    for (let round = 0; round < maxRounds; round += 1) {
      const limit = request.limit - taken.length;
      const { owed, lost } = await this.#takeSome({ ...request, limit });
      taken.push(...owed);
      if (lost === 0) break;
    }
    return taken;
  }

  /**
   * Looks first and takes then: each message with its flag as it was seen, so that of several who saw it one gets
   * it. Who did is read back from its document.
   */
  async #takeSome(request: OutboxTake): Promise<{ owed: OwedMessage[]; lost: number }> {
    const { nowMs, limit, leaseMs } = request;
    const due = new Map<string, Owed[]>();
    const apps = await this.#messages.distinct('app', { $or: dueIn(request) });
    await forEachBounded(this.#turnsOf(apps, limit), readsAtOnce, async (app) => {
      const found: Owed[] = [];
      for (const isDue of dueIn(request)) {
        const most = { sort: { dueAt: 1, _id: 1 }, limit: limit - found.length } as const;
        if (most.limit > 0) found.push(...(await this.#messages.find({ app, ...isDue }, { ...most, only: ['dueAt'] })));
      }
      due.set(app, found);
    });
    const take = (app: string, most: number): Owed[] => due.get(app)?.splice(0, most) ?? [];
    const wanted = takeInTurns({ apps: [...due.keys()], take, served: this.#served }, limit);
    if (wanted.length === 0) return { owed: [], lost: 0 };

    const taker = randomUUID();
    await this.#messages.batch(
      wanted.map(({ _id, dueAt = 0 }) => ({
        updateOne: { filter: { _id, dueAt }, update: { $set: { dueAt: nowMs + leaseMs, taker } } },
      })),
    );
    const ids = wanted.map(({ _id }) => _id);
    const found = await this.#messages.find({ _id: trusted({ $in: ids }) }, { without: ['terms'] });
    const taken = found.filter((document) => document.taker === taker);
    return { owed: await this.#inOrder(wanted, taken), lost: wanted.length - taken.length };
  }

  /** Those whose turn may come: no more apps are served than messages are taken. */
  #turnsOf(apps: readonly string[], limit: number): string[] {
    const rest = new Set(apps);
    const first: string[] = [];
    while (first.length < limit) {
      const next = this.#served.first(rest, (app) => app);
      if (next === undefined) break;
      rest.delete(next);
      first.push(next);
    }
    return first;
  }

  /** Nothing is owed for a conversation that was removed. */
  async #inOrder(wanted: readonly Owed[], taken: readonly Stored<MessageDocument>[]): Promise<OwedMessage[]> {
    const byId = new Map(taken.map((document) => [document._id.toHexString(), document]));
    const shown = new Set<MessageDocument>();
    for (const app of new Set(taken.map((document) => document.app))) {
      const own = taken.filter((document) => document.app === app);
      for (const document of await this.#removed.without(asAppId(app), own)) shown.add(document);
    }
    return wanted.flatMap(({ _id }) => {
      const document = byId.get(_id.toHexString());
      if (document === undefined || !shown.has(document)) return [];
      return [{ app: asAppId(document.app), message: toMessage(document) }];
    });
  }
}

/** What is due, and what is owed so far ahead that it must be: each as a range of the index. */
function dueIn({ nowMs, implausibleFromMs }: OutboxTake): Filter<MessageDocument>[] {
  return [
    { dueAt: trusted({ $lte: nowMs }) },
    ...(implausibleFromMs === undefined ? [] : [{ dueAt: trusted({ $gte: implausibleFromMs }) }]),
  ];
}
