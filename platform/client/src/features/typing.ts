// The feature `typing`: reports that this user types, and shows who else does. Loaded where the page has
// `typing_indicator`.
import { createSource, type Observable } from '../observable.ts';
import { tableOf, type Table } from '../table-of.ts';
import type { Belfry, Clock } from '../types.ts';

/** User ids by conversation; nobody is in it who has stopped. */
export type TypingSnapshot = Table<readonly string[]>;

export interface Typing extends Observable<TypingSnapshot> {
  /** At each change of what is being written; reported to the others at most once a second. */
  typed(conversationId: string): void;
  /** Sent or thrown away; after 3 s without `typed` it is reported by itself. */
  stopped(conversationId: string): void;
  stop(): void;
}

const idleMs = 3000;
/** The server forgets after 6 s (docs/protocol.md, `expiresInMs`). */
const repeatMs = 3000;
const shortestMs = 1000;

interface Own {
  sentAt: number;
  isSent: boolean;
  endTimers: () => void;
}

const unsent: Own = { sentAt: -Infinity, isSent: false, endTimers: () => undefined };

export function createTyping(belfry: Belfry): Typing {
  const { clock, report } = belfry.surroundings;
  const own = new Map<string, Own>();
  const others = createOthers(clock, () => source.set(others.snapshot()));
  const source = createSource<TypingSnapshot>(tableOf([]), report);
  const ends = [
    belfry.on('typing_status', ({ conversationId = '', data }) => {
      const { userId, isTyping, expiresInMs } = data;
      if (userId === belfry.snapshot().userId) return;
      if (isTyping) others.add(conversationId, userId, expiresInMs);
      else others.remove(conversationId, userId);
    }),
    // A user of whom something has come types it no more, whatever kind it is of; the event that they stopped
    // may come later, or never.
    belfry.on('*', ({ conversationId, seq, data }) => {
      if (conversationId !== undefined && seq !== undefined) others.remove(conversationId, String(data['senderId']));
    }),
  ];

  return {
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    typed(conversationId) {
      const { sentAt, isSent, endTimers } = own.get(conversationId) ?? unsent;
      endTimers();
      const waitMs = sentAt + (isSent ? repeatMs : shortestMs) - clock.monotonic();
      const endIdle = clock.setTimer(() => stopped(conversationId), idleMs);
      // Begun anew within the second: reported at its end, as no further key may follow.
      const endWait = isSent || waitMs <= 0 ? undefined : clock.setTimer(() => begin(conversationId), waitMs);
      own.set(conversationId, {
        sentAt,
        isSent,
        endTimers() {
          endIdle();
          endWait?.();
        },
      });
      if (waitMs <= 0) begin(conversationId);
    },
    stopped,
    stop() {
      for (const end of ends) end();
      for (const conversationId of own.keys()) stopped(conversationId);
      others.clear();
    },
  };

  function begin(conversationId: string): void {
    const state = own.get(conversationId);
    if (!state) return;
    state.isSent = true;
    state.sentAt = clock.monotonic();
    publish(conversationId, true);
  }

  function stopped(conversationId: string): void {
    const state = own.get(conversationId);
    state?.endTimers();
    if (!state?.isSent) return;
    state.isSent = false;
    publish(conversationId, false);
  }

  function publish(conversationId: string, isTyping: boolean): void {
    // Lost is lost: it would be out of date.
    belfry.command('typing', { conversationId, isTyping }).catch(() => undefined);
  }
}

interface Others {
  snapshot(): TypingSnapshot;
  add(conversationId: string, userId: string, forMs: number): void;
  remove(conversationId: string, userId: string): void;
  clear(): void;
}

function createOthers(clock: Clock, changed: () => void): Others {
  const timers = new Map<string, Map<string, () => void>>();

  function remove(conversationId: string, userId: string): void {
    const users = timers.get(conversationId);
    users?.get(userId)?.();
    if (!users?.delete(userId)) return;
    if (users.size === 0) timers.delete(conversationId);
    changed();
  }

  return {
    snapshot: () => tableOf([...timers].map(([conversationId, users]) => [conversationId, [...users.keys()]] as const)),
    add(conversationId, userId, forMs) {
      const users = timers.get(conversationId) ?? new Map<string, () => void>();
      timers.set(conversationId, users);
      const end = users.get(userId);
      end?.();
      users.set(
        userId,
        clock.setTimer(() => remove(conversationId, userId), forMs),
      );
      if (!end) changed();
    },
    remove,
    clear() {
      for (const users of timers.values()) for (const end of users.values()) end();
      timers.clear();
      changed();
    },
  };
}
