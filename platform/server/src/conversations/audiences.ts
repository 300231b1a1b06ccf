// Who is in a conversation, cached per node and dropped on a hint when it changed. Changing it is conversations.ts.

import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConversationStore, Participant } from '../ports/stores/index.ts';

/** The participants of one version of a conversation. Shared between callers: nobody changes it. */
export interface Audience {
  version: number;
  participants: readonly Participant[];
  userIds: readonly string[];
  roleOf(userId: string): string | undefined;
}

export interface Audiences {
  /** Undefined when there is no such conversation. */
  get(app: AppId, conversationId: string): Promise<Audience | undefined>;
  /** What is cached and fresh, without waiting. */
  peek(app: AppId, conversationId: string): Audience | undefined;
  /** It changed here: forgets it, on every node. Resolves when the others were told, or can't be. */
  changed(app: AppId, conversationId: string): Promise<void>;
  /** Called when it changed on another node. */
  onChanged(listen: (app: AppId, conversationId: string) => void): void;
}

/** Over all cached conversations: bounds memory at some 100 bytes each. */
const maxCachedParticipants = 1_000_000;
/** A hint that was lost is forgiven after this long. */
const maxAgeMs = 10_000;

interface Entry {
  audience: Promise<Audience | undefined>;
  settled: Audience | undefined;
  readAt: number;
}

export function createAudiences(deps: {
  store: ConversationStore;
  bus: Pick<Bus, 'control'>;
  clock: Clock;
}): Audiences {
  const { store, bus, clock } = deps;
  const entries = new LRUCache<string, Entry>({
    maxSize: maxCachedParticipants,
    sizeCalculation: (entry) => 1 + (entry.settled?.userIds.length ?? 0),
  });
  const keyOf = (app: AppId, id: string): string => `${app} ${id}`;
  const listeners: ((app: AppId, conversationId: string) => void)[] = [];
  const isFresh = (entry: Entry): boolean => clock.monotonic() - entry.readAt < maxAgeMs;

  bus.control.on('participants_changed', ({ app, conversationId }) => {
    entries.delete(keyOf(app, conversationId));
    for (const listen of listeners) listen(app, conversationId);
  });

  return {
    get(app, conversationId) {
      const key = keyOf(app, conversationId);
      const known = entries.get(key);
      if (known !== undefined && isFresh(known)) return known.audience;
      const entry: Entry = { audience: read(app, conversationId), settled: undefined, readAt: clock.monotonic() };
      entries.set(key, entry);
      entry.audience.then(
        (audience) => {
          // An entry that was dropped while it was read stays dropped, since it may be stale.
          if (entries.peek(key) !== entry) return;
          if (audience === undefined) entries.delete(key);
          // Another object, because the cache measures the same one only once, and it has its true size now.
          else entries.set(key, { ...entry, settled: audience });
        },
        () => {
          if (entries.peek(key) === entry) entries.delete(key);
        },
      );
      return entry.audience;
    },

    peek(app, conversationId) {
      const entry = entries.get(keyOf(app, conversationId));
      return entry !== undefined && isFresh(entry) ? entry.settled : undefined;
    },

    async changed(app, conversationId) {
      entries.delete(keyOf(app, conversationId));
      // Without a bus the others notice when their entry is too old.
      await bus.control.publish({ type: 'participants_changed', app, conversationId }).catch(() => undefined);
    },

    onChanged: (listen) => void listeners.push(listen),
  };

  async function read(app: AppId, conversationId: string): Promise<Audience | undefined> {
    const found = await store.participants(app, conversationId);
    if (found === undefined) return undefined;
    const roles = new Map(found.participants.map(({ userId, role }) => [userId, role]));
    return {
      version: found.version,
      participants: found.participants,
      userIds: [...roles.keys()],
      roleOf: (userId) => roles.get(userId),
    };
  }
}
