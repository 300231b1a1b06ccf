// The logs of all apps in memory, and the relay's view of them. Not cursors.

import { isAddressedTo } from '../../../ports/stores/addressing.ts';
import { asAppId } from '../../../ports/app-id.ts';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  AppendResult,
  MessageStore,
  OutboxStore,
  StoredMessage,
  StreamHead,
} from '../../../ports/stores/index.ts';
import { firstEpoch } from '../conversation-stream.ts';
import type { Synchronous } from '../synchronous.ts';
import { keyOf } from './key.ts';

export interface MemoryLogs {
  messages: Synchronous<MessageStore>;
  outbox: Synchronous<OutboxStore>;
  /** The epoch a stream has been given, if any. */
  epoch(app: AppId, stream: string): string | undefined;
  setEpoch(app: AppId, stream: string, epoch: string): void;
  /** When the newest message of a stream was stored. */
  newestAt(app: AppId, stream: string): number | undefined;
  drop(app: AppId, stream: string): void;
}

export function memoryLogs(): MemoryLogs {
  /** By app and stream; each in order of seq. */
  const logs = new Map<string, Map<string, StoredMessage[]>>();
  const epochs = new Map<string, string>();

  const ofApp = (app: string): Map<string, StoredMessage[]> => {
    const found = logs.get(app) ?? new Map<string, StoredMessage[]>();
    logs.set(app, found);
    return found;
  };
  const log = (app: string, stream: string): StoredMessage[] => ofApp(app).get(stream) ?? [];
  const everything = (app: string): StoredMessage[] => [...ofApp(app).values()].flat();
  const epoch = (app: string, stream: string): string | undefined => epochs.get(keyOf(app, stream));
  const find = (app: string, at: { stream: string; seq: number }): StoredMessage | undefined =>
    log(app, at.stream).find(({ seq, deletedAt }) => seq === at.seq && deletedAt === undefined);

  const head = (app: string, stream: string): StreamHead => {
    const kept = log(app, stream);
    const seq = kept.at(-1)?.seq ?? 0;
    return { epoch: epoch(app, stream) ?? firstEpoch, seq, firstSeq: kept[0]?.seq ?? seq + 1 };
  };
  const append = (app: AppId, messages: readonly StoredMessage[]): AppendResult => {
    let inserted = 0;
    for (const message of messages) {
      const kept = log(app, message.stream);
      if (kept.some(({ senderId, cid }) => senderId === message.senderId && cid === message.cid)) {
        return { inserted, conflict: 'cid' };
      }
      if (kept.some(({ seq }) => seq === message.seq)) return { inserted, conflict: 'seq' };
      ofApp(app).set(message.stream, [...kept, message].sort(bySeq));
      inserted += 1;
    }
    return { inserted };
  };
  const prune = (app: AppId, beforeMs: number, limit: number): number => {
    const old = [...ofApp(app).values()]
      .flatMap((kept) => kept.slice(0, -1))
      .filter(({ storedAt, outbox }) => storedAt < beforeMs && outbox === undefined)
      .sort((a, b) => a.storedAt - b.storedAt || a.seq - b.seq)
      .slice(0, limit);
    const gone = new Set(old);
    for (const [stream, kept] of ofApp(app))
      ofApp(app).set(
        stream,
        kept.filter((message) => !gone.has(message)),
      );
    return gone.size;
  };

  const messages: Synchronous<MessageStore> = {
    append,
    heads: (app, streams) => new Map(streams.map((stream) => [stream, head(app, stream)])),
    read(app, stream, { afterSeq = -1, beforeSeq = Infinity, limit, order }) {
      const inside = log(app, stream).filter(({ seq }) => seq > afterSeq && seq < beforeSeq);
      return (order === 'descending' ? inside.reverse() : inside).slice(0, limit);
    },
    newest: (app, userId, streams) =>
      new Map(
        streams.flatMap((stream) => {
          const last = log(app, stream).findLast((message) => isAddressedTo(message, userId));
          return last === undefined ? [] : [[stream, last] as const];
        }),
      ),
    countUnread: (app, userId, since) =>
      new Map(
        since.map(({ stream, afterSeq }) => {
          const unread = log(app, stream).filter(
            (message) =>
              message.seq > afterSeq &&
              message.senderId !== userId &&
              message.deletedAt === undefined &&
              isAddressedTo(message, userId),
          );
          return [stream, unread.length];
        }),
      ),
    byId: (app, messageId) => everything(app).filter(({ id }) => id === messageId),
    byCid: (app, stream, key) =>
      log(app, stream).find(({ senderId, cid }) => senderId === key.senderId && cid === key.cid),
    edit(app, at, change) {
      const message = find(app, at);
      if (message !== undefined) Object.assign(message, change);
      return message !== undefined;
    },
    remove(app, at, change) {
      const message = find(app, at);
      if (message === undefined) return false;
      Object.assign(message, change);
      delete message.outbox;
      return true;
    },
    changed(app, stream, { after, upToSeq, limit }) {
      const at = ({ deletedAt, editedAt }: StoredMessage): number => deletedAt ?? editedAt ?? -Infinity;
      const isAfter = (message: StoredMessage): boolean =>
        at(message) > after.changedAt || (at(message) === after.changedAt && message.seq > after.seq);
      return log(app, stream)
        .filter((message) => at(message) !== -Infinity && isAfter(message) && message.seq <= upToSeq)
        .sort((a, b) => at(a) - at(b) || a.seq - b.seq)
        .slice(0, limit);
    },
    clearOutbox(app, done) {
      for (const { stream, seq } of done) {
        const message = log(app, stream).find((kept) => kept.seq === seq);
        if (message !== undefined) delete message.outbox;
      }
    },
    prune,
  };
  const due = (beforeMs: number, limit: number): { app: AppId; message: StoredMessage; dueAt: number }[] =>
    [...logs.keys()]
      .flatMap((app) =>
        everything(app).map((message) => ({ app: asAppId(app), message, dueAt: message.outbox?.dueAt ?? Infinity })),
      )
      .filter(({ dueAt }) => dueAt <= beforeMs)
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit);

  return {
    messages,
    outbox: { due: (beforeMs, limit) => due(beforeMs, limit).map(({ app, message }) => ({ app, message })) },
    epoch,
    setEpoch: (app, stream, value) => void epochs.set(keyOf(app, stream), value),
    newestAt: (app, stream) => log(app, stream).at(-1)?.storedAt,
    drop: (app, stream) => void ofApp(app).delete(stream),
  };
}

function bySeq(a: StoredMessage, b: StoredMessage): number {
  return a.seq - b.seq;
}
