// The mechanisms behind the promises, each switched off by a wrapper around the engine. The server's own code
// knows nothing of it.

import { BelfryError } from '@belfry/protocol';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../src/compose/engine.ts';
import { asAppId, type AppId } from '../../src/ports/app-id.ts';
import type { MessageStore, ReadRange, StoredMessage, Stores } from '../../src/ports/stores/index.ts';
import type { KillRunOptions } from './kill-run.ts';
import type { Guarantee } from './violation.ts';

export interface Mechanism {
  id: string;
  guarantee: Guarantee;
  /** The replacement of the mechanism. */
  without: string;
  run: Partial<KillRunOptions>;
  /** How long a sound server may take to make it good, ms; `mostLateMs` when left out. */
  lateMs?: number;
  /** Left out where the provision file or a plugin switches it off. */
  switchOff?: (engine: Engine) => Engine;
}

/**
 * `read` is called with this limit to bring a client to the present (delivery/catch-up.ts), and with others
 * for everything else.
 */
const catchUpPage = 200;
/** Conversations alone: the checker itself reads inboxes as a client that resumes. */
const isCatchUp = (stream: string, { limit }: ReadRange): boolean => limit === catchUpPage && stream.startsWith('c:');
/** For records that are there at once or not at all: for answers that are on their way. */
export const mostLateMs = 4000;
/** The relay takes over 11 s after a message was stored, and looks every 5 s. */
const relayMs = 25_000;
/** A client that resumes has all in a moment; a hole is asked for every second. */
const resumeMs = 12_000;
const kills = { stops: 2, drainShare: 0, uptimeMs: [1500, 2500] } as const;
const noStops = { stops: 0, uptimeMs: [2500, 3500] } as const;

export const mechanisms: readonly Mechanism[] = [
  {
    id: 'answers-before-storing',
    guarantee: 'G1',
    without: 'a message is acknowledged when it is to be stored, and stored two seconds later',
    run: kills,
    switchOff: (engine) => withMessages(engine, (messages) => ({ append: lazily(messages, 2000).append })),
  },
  {
    id: 'counts-beside-the-log',
    guarantee: 'G2',
    without: 'the next seq comes from a counter that lost a number when the process died',
    run: kills,
    switchOff: (engine) => withMessages(engine, counted),
  },
  {
    id: 'orders-at-random',
    guarantee: 'G3',
    without: 'messages get their places a second later, the last one first',
    run: noStops,
    switchOff: (engine) => withMessages(engine, reversedLater),
  },
  {
    id: 'takes-frames-in-any-order',
    guarantee: 'G4',
    without: 'the messages of one group change places',
    run: noStops,
    switchOff: (engine) => withMessages(engine, reversedGroups),
  },
  {
    id: 'no-cid-index',
    guarantee: 'G5',
    without: 'nothing keeps a cid from being stored again',
    run: kills,
    switchOff: (engine) => withMessages(engine, (messages) => withoutCids(messages, () => true)),
  },
  {
    id: 'no-log-for-who-comes-back',
    guarantee: 'G7',
    without: 'a client that resumes gets nothing that is in the log',
    run: { ...kills, stops: 1 },
    lateMs: resumeMs,
    switchOff: (engine) =>
      withMessages(engine, (messages) => ({
        read: (app, stream, range) =>
          isCatchUp(stream, range) ? Promise.resolve([]) : messages.read(app, stream, range),
      })),
  },
  {
    id: 'no-relay',
    guarantee: 'G10',
    without: 'nobody looks after the flags of messages whose process died',
    run: { ...kills, stops: 1 },
    lateMs: relayMs,
    switchOff: (engine) => withStores(engine, { outbox: { take: () => Promise.resolve([]) } }),
  },
  {
    id: 'forgets-acknowledgements',
    guarantee: 'G11',
    without: 'an acknowledgement moves no cursor that holds a push back',
    run: { stops: 0, uptimeMs: [9000, 9500] },
    switchOff: (engine) =>
      withStores(engine, {
        cursors: {
          ...engine.stores.cursors,
          advance: (app, changes) =>
            engine.stores.cursors.advance(
              app,
              changes.map(({ userId, stream, delivered = 0 }) => ({ userId, stream, delivered })),
            ),
        },
      }),
  },
  {
    id: 'no-collapse-key',
    guarantee: 'G12',
    without: 'each notification has a key of its own',
    run: { ...noStops, plugin: 'forgetful' },
  },
  {
    id: 'no-idempotency-keys',
    guarantee: 'G13',
    without: 'neither the table of keys nor the index of cids knows a broadcast again',
    run: noStops,
    switchOff(engine) {
      const begin: Stores['idempotency']['begin'] = () => Promise.resolve({ state: 'mine', token: randomUUID() });
      const forgetful = withStores(engine, { idempotency: { ...engine.stores.idempotency, begin } });
      return withMessages(forgetful, (messages) => withoutCids(messages, ({ senderId }) => senderId === undefined));
    },
  },
  {
    id: 'no-app-in-the-key',
    guarantee: 'G14',
    without: 'who resumes reads the stream of that name, whosever it is',
    run: noStops,
    switchOff: (engine) =>
      withMessages(engine, (messages) => ({
        read: (app, stream, range) =>
          // Names of apps are the workload's; both have the same streams.
          messages.read(isCatchUp(stream, range) ? asAppId('demo') : app, stream, range),
      })),
  },
  {
    id: 'refuses-after-storing',
    guarantee: 'G15',
    without: 'a message is refused for want of room when it is stored already',
    run: noStops,
    switchOff: (engine) => withMessages(engine, refusingStored),
  },
  {
    id: 'drain-waits-for-nothing',
    guarantee: 'G16',
    without: 'an acknowledgement that is not stored yet is dropped when the server is told to stop',
    run: { ...kills, stops: 1, drainShare: 1 },
    switchOff(engine) {
      const lazy = lazily(engine.stores.messages, 8000);
      const close = async (): Promise<void> => {
        lazy.drop();
        await engine.stores.close();
      };
      const stores = {
        ...engine.stores,
        messages: {
          ...engine.stores.messages,
          append: lazy.append,
          appendMany: (app: AppId, groups: readonly (readonly StoredMessage[])[]) =>
            Promise.all(groups.map((group) => lazy.append(app, group))),
        },
        close,
      };
      return { ...engine, stores, close };
    },
  },
];

function withStores(engine: Engine, stores: Partial<Stores>): Engine {
  return { ...engine, stores: { ...engine.stores, ...stores } };
}

function withMessages(engine: Engine, change: (messages: MessageStore) => Partial<MessageStore>): Engine {
  const changed = { ...engine.stores.messages, ...change(engine.stores.messages) };
  // Inboxes go the same way as conversations.
  const appendMany: MessageStore['appendMany'] = (app, groups) =>
    Promise.all(groups.map((group) => changed.append(app, group)));
  return withStores(engine, { messages: { ...changed, appendMany } });
}

function lazily(messages: MessageStore, delayMs: number): { append: MessageStore['append']; drop(): void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    append(app, records) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        messages.append(app, records).catch(() => undefined);
      }, delayMs);
      timers.add(timer);
      return Promise.resolve({ inserted: records.length });
    },
    drop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function counted(messages: MessageStore): Partial<MessageStore> {
  const counters = new Map<string, number>();
  return {
    async append(app, records) {
      const stream = records[0]?.stream ?? '';
      const key = `${app} ${stream}`;
      let last = counters.get(key);
      if (last === undefined) {
        const head = (await messages.heads(app, [stream])).get(stream)?.seq ?? 0;
        last = head === 0 ? 0 : head + 1;
      }
      for (const record of records) record.seq = last += 1;
      counters.set(key, last);
      return await messages.append(app, records);
    },
  };
}

function reversedLater(messages: MessageStore): Partial<MessageStore> {
  const waiting = new Map<string, { app: AppId; records: StoredMessage[] }>();
  const store = async (key: string): Promise<void> => {
    const batch = waiting.get(key);
    waiting.delete(key);
    if (batch === undefined) return;
    const [lowest = 0] = batch.records.map(({ seq }) => seq);
    const reversed = batch.records.toReversed().map((record, index) => ({ ...record, seq: lowest + index }));
    await messages.append(batch.app, reversed).catch(() => undefined);
  };
  return {
    append(app, records) {
      const key = `${app} ${records[0]?.stream ?? ''}`;
      const batch = waiting.get(key);
      if (batch === undefined) {
        waiting.set(key, { app, records: [...records] });
        setTimeout(() => void store(key), 1000);
      } else batch.records.push(...records);
      return Promise.resolve({ inserted: records.length });
    },
  };
}

function reversedGroups(messages: MessageStore): Partial<MessageStore> {
  return {
    async append(app, records) {
      const seqs = records.map(({ seq }) => seq).toReversed();
      records.forEach((record, index) => (record.seq = seqs[index] ?? record.seq));
      const result = await messages.append(app, records);
      // Slow enough for the next group to have more than one.
      await sleep(50);
      return result;
    },
  };
}

function withoutCids(messages: MessageStore, isMeant: (message: StoredMessage) => boolean): Partial<MessageStore> {
  return {
    async append(app, records) {
      const result = await messages.append(
        app,
        records.map((record) => (isMeant(record) ? { ...record, cid: randomUUID() } : record)),
      );
      // Slow enough for a kill to come between storing and answering.
      await sleep(100);
      return result;
    },
  };
}

/** The sender that floods gives up what is refused. */
function refusingStored(messages: MessageStore): Partial<MessageStore> {
  return {
    async append(app, records) {
      const result = await messages.append(app, records);
      if (records.some(({ senderId }) => senderId === 'joe')) throw new BelfryError('overloaded', { afterMs: 100 });
      return result;
    },
    byCid: (app, stream, key) =>
      key.senderId === 'joe' ? Promise.resolve(undefined) : messages.byCid(app, stream, key),
  };
}
