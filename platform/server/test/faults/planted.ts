// A small history in which every promise was kept, and ways to break each one. Proof that the checker can
// fail; see checker.test.ts.

import type { FaultEvent, History, LogEntry, PostedEvent, StreamRecord } from './history.ts';

/** A history that can be broken. */
export interface Draft extends Omit<History, 'streams'> {
  streams: (Omit<StreamRecord, 'log'> & { log: LogEntry[] })[];
  events: FaultEvent[];
}

const app = 'demo';
const stream = 'c:c1';
const waitMs = 1000;

/**
 * Ten messages of alice and bob in one conversation, read by carol, who acknowledges; dave is away and has a
 * phone. One kill, one drain.
 */
export function goodHistory(): Draft {
  const events: FaultEvent[] = [{ type: 'started', at: 0 }];
  const log: LogEntry[] = [];
  for (const reader of ['carol-1', 'frank-1']) events.push({ type: 'opened', app, reader, at: 10 });
  for (let seq = 1; seq <= 10; seq += 1) {
    const sender = seq % 2 === 1 ? 'alice' : 'bob';
    const at = seq * 1000;
    const key = keyOf(seq);
    const messageId = idOf(seq);
    log.push({ seq, messageId, key, sender });
    events.push(
      { type: 'sent', app, stream, sender, n: seq, key, via: 'outbox', at },
      { type: 'answered', app, stream, key, messageId, seq, duplicate: false, at: at + 10 },
    );
    for (const [reader, user] of readers) {
      events.push(
        { type: 'released', app, stream, reader, seq, messageId, key, at: at + 20 },
        { type: 'ack_sent', app, stream, user, seq, holds: true, at: at + 30 },
        { type: 'ack_answered', app, stream, user, seq, holds: true, at: at + 40 },
      );
    }
    events.push(postOf('dave', seq, at + 50));
  }
  // Sent again after a kill, and answered that it was there.
  events.push({ type: 'answered', app, stream, key: keyOf(4), messageId: idOf(4), seq: 4, duplicate: true, at: 4900 });
  events.push(
    { type: 'stopping', how: 'kill', at: 4700 },
    { type: 'stopped', how: 'kill', code: null, at: 4710 },
    { type: 'started', at: 4800 },
    { type: 'stopping', how: 'drain', at: 8500 },
    { type: 'stopped', how: 'drain', code: 0, at: 8600 },
    { type: 'started', at: 8800 },
  );
  const inbox = broadcasts(events);
  for (const reader of ['carol-1', 'frank-1']) {
    events.push(
      { type: 'closed', app, reader, at: 4700 },
      { type: 'opened', app, reader, at: 4850 },
      { type: 'closed', app, reader, at: 8590 },
      { type: 'opened', app, reader, at: 8850 },
    );
  }
  return {
    waitMs,
    pushTimeoutMs: 1000,
    streams: [
      { app, stream, members: ['alice', 'bob', 'carol', 'dave', 'frank'], log },
      { app, stream: 'i:carol', members: ['carol'], log: inbox },
      { app: 'other', stream, members: ['carol'], log: [{ seq: 1, messageId: 'other-1', key: 'other/c1/erin/1' }] },
    ],
    readers: [
      ...readers.map(([reader, user]) => ({ app, reader, user, deviceType: 'desktop' as const, isUpAtEnd: true })),
    ],
    phones: ['carol', 'dave'].map((user) => ({ app, user, deviceId: `${user}-phone` })),
    events,
    endedAt: 60_000,
  };
}

const readers = [
  ['carol-1', 'carol'],
  ['frank-1', 'frank'],
] as const;

function broadcasts(events: FaultEvent[]): LogEntry[] {
  return [1, 2].map((seq) => {
    const key = `demo/broadcast/${seq}`;
    const place = { app, stream: 'i:carol', seq, messageId: `notice-${seq}`, key };
    const at = 10_000 + seq * 100;
    const sent = { type: 'sent', app, stream: 'i:carol', sender: 'back-end', n: seq, key, via: 'broadcast' } as const;
    events.push({ ...sent, at }, { ...sent, at: at + 5 });
    events.push({ type: 'answered', duplicate: false, ...place, at: at + 10 });
    events.push({ type: 'released', reader: 'carol-1', ...place, at: at + 20 });
    events.push({ type: 'ack_sent', app, stream: 'i:carol', user: 'carol', seq, holds: true, at: at + 30 });
    events.push({ type: 'ack_answered', app, stream: 'i:carol', user: 'carol', seq, holds: true, at: at + 40 });
    return { seq, messageId: place.messageId, key };
  });
}

export function keyOf(seq: number): string {
  return `demo/c1/${seq % 2 === 1 ? 'alice' : 'bob'}/${seq}`;
}

export function idOf(seq: number): string {
  return `m-${seq}`;
}

/** All up to `seq` that this user has not acknowledged, for a user who acknowledges nothing. */
export function postOf(user: string, seq: number, at: number): PostedEvent {
  return {
    type: 'posted',
    app,
    saidApp: app,
    stream,
    user,
    deviceId: `${user}-phone`,
    seq,
    count: seq,
    collapseKey: `key-${user}`,
    messageIds: Array.from({ length: seq }, (_, index) => idOf(index + 1)),
    outcome: 'accepted',
    at,
  };
}

/** The log of the one conversation. */
export function logOf(history: Draft): LogEntry[] {
  const record = history.streams[0];
  if (record === undefined) throw new Error('the planted history has a conversation');
  return record.log;
}

export function dropEvents(history: Draft, drop: (event: FaultEvent) => boolean): void {
  history.events = history.events.filter((event) => !drop(event));
}

/** The later of two messages comes first in the log, and everybody got it so. */
export function swapInLog(history: Draft, first: number, second: number): void {
  const other = new Map([
    [first, second],
    [second, first],
  ]);
  const record = history.streams[0];
  if (record === undefined) return;
  record.log = logOf(history)
    .map((entry) => ({ ...entry, seq: other.get(entry.seq) ?? entry.seq }))
    .toSorted((a, b) => a.seq - b.seq);
  const bySeq = new Map(record.log.map((entry) => [entry.seq, entry]));
  const byKey = new Map(record.log.map((entry) => [entry.key, entry]));
  history.events = history.events.map((event) => {
    if (event.type === 'answered' && event.stream === stream) {
      const seq = byKey.get(event.key)?.seq;
      return seq === undefined ? event : { ...event, seq };
    }
    if (event.type === 'released' && event.stream === stream) {
      const entry = bySeq.get(event.seq);
      return entry === undefined ? event : { ...event, key: entry.key, messageId: entry.messageId };
    }
    return event;
  });
}
