// The kinds of broadcast: rows of data that preset action, audience, log and policy. What happens with a row
// is decided by the stages, the same for all.

import type { DeliveryPolicy, Kind, SentBy } from '@belfry/protocol';
import { controlTopic } from '../caching/control-topic.ts';
import { NearCache } from '../caching/near-cache.ts';
import type { SenderGets } from '../ports/delivery.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { KindStore, Versioned } from '../ports/stores/index.ts';
import { KindChanges, withoutVersion, type ChangedKind, type CheckKind } from './kind-changes.ts';

export interface KindRow {
  kind: string;
  action: string;
  /** The forms of audience it takes. */
  audience: readonly ('conversation' | 'users' | 'topic' | 'everyone')[];
  /**
   * In which log it is kept; `audience`: the conversation's, or each named user's inbox; false: none, and
   * then it is never pushed.
   */
  durable: 'conversation' | 'inbox' | 'audience' | false;
  /**
   * The form of its data (check-data.ts): a message for a message type to check, a notice with title and
   * body, or anything.
   */
  carries: 'message' | 'notice' | 'typing' | 'read' | 'anything';
  /** Whether somebody must be named as its sender. */
  needsSender: boolean;
  sender: SenderGets;
  sentBy: SentBy;
  feature?: string;
  policy: Partial<DeliveryPolicy>;
}

/** A field that its kind says nothing about may not be sent by users: nothing checks its content. */
export const notByUsers: SentBy = { backEnds: true, hooks: true, users: false };
const byEverybody: SentBy = { ...notByUsers, users: true };

/** The table of docs/delivery.md, row by row. */
export const builtInKindRows: readonly KindRow[] = [
  {
    kind: 'message',
    action: 'new_message',
    audience: ['conversation'],
    durable: 'conversation',
    carries: 'message',
    needsSender: true,
    sender: 'other_connections',
    sentBy: byEverybody,
    policy: { push: 'undelivered', pushTo: 'all' },
  },
  {
    kind: 'consultation_reply',
    action: 'consultation_reply',
    audience: ['conversation'],
    durable: 'conversation',
    carries: 'message',
    needsSender: true,
    sender: 'other_connections',
    sentBy: { ...notByUsers, users: ['consultant'] },
    policy: { push: 'undelivered', pushTo: ['mobile', 'tablet', 'desktop'] },
  },
  {
    kind: 'mobile_notification',
    action: 'mobile_notification',
    audience: ['conversation', 'users'],
    durable: 'inbox',
    carries: 'notice',
    needsSender: false,
    sender: 'like_anybody',
    sentBy: notByUsers,
    policy: { realtime: ['mobile'], push: 'undelivered', pushTo: ['mobile'], priority: 'high' },
  },
  {
    kind: 'typing',
    action: 'typing_status',
    audience: ['conversation'],
    durable: false,
    carries: 'typing',
    needsSender: true,
    sender: 'nothing',
    sentBy: byEverybody,
    policy: { push: 'never' },
  },
  {
    kind: 'read',
    action: 'read_status',
    audience: ['conversation'],
    durable: false,
    carries: 'read',
    needsSender: true,
    // They hear of their own in any case: read-state.ts.
    sender: 'nothing',
    sentBy: byEverybody,
    policy: { push: 'never' },
  },
  {
    kind: 'system_notification',
    action: 'system_notification',
    audience: ['conversation', 'users'],
    durable: 'audience',
    carries: 'notice',
    needsSender: false,
    sender: 'like_anybody',
    sentBy: notByUsers,
    policy: { push: 'undelivered' },
  },
  {
    kind: 'direct',
    action: 'direct_message',
    audience: ['users'],
    durable: 'inbox',
    carries: 'notice',
    needsSender: false,
    sender: 'like_anybody',
    sentBy: notByUsers,
    policy: { push: 'undelivered' },
  },
  {
    kind: 'announcement',
    action: 'announcement',
    audience: ['topic', 'everyone'],
    durable: false,
    carries: 'notice',
    needsSender: false,
    sender: 'like_anybody',
    sentBy: notByUsers,
    policy: { push: 'never' },
  },
];

const builtIn: ReadonlyMap<string, KindRow> = new Map(builtInKindRows.map((row) => [row.kind, row]));

export interface Kinds {
  /** Undefined for a kind that neither Belfry nor the app knows. */
  find(app: AppId, kind: string): Promise<KindRow | undefined>;
  /** The shortest `waitMs` above 0 that a kind of the app's own has, ms; undefined where none has one. */
  shortestWaitMs(app: AppId): Promise<number | undefined>;
  list(app: AppId): Promise<readonly Kind[]>;
  /** As `list`, each with its version, fresh from the store. */
  versions(app: AppId): Promise<readonly Versioned<Kind>[]>;
  /**
   * A kind that would not change gets no new version. `check` is given what is there, before and after a race
   * with another change, and throws what speaks against it. Throws `managed_by_file`, `too_many` for one more
   * than an app may have, and `conflict` when others change it all the time.
   */
  put(app: AppId, kind: Kind, check?: CheckKind): Promise<ChangedKind>;
  /** Undefined when there is none. As `put`. */
  remove(app: AppId, kind: string, check?: CheckKind): Promise<Versioned<Kind> | undefined>;
  /** The kinds that the provision file names: they are not changed by others. */
  manage(app: AppId, kinds: Iterable<string>): void;
  isManaged(app: AppId, kind: string): boolean;
}

/** Apps whose kinds are kept at hand. */
const cachedApps = 1000;
/** A lost hint is forgiven after this long. */
const maxAgeMs = 10_000;

export function createKinds(deps: {
  store: KindStore;
  bus: Pick<Bus, 'control'>;
  clock: Pick<Clock, 'monotonic'>;
  /** Kinds of an app of its own. */
  perApp: number;
}): Kinds {
  const { store, bus, clock, perApp } = deps;
  const cache = new NearCache<ReadonlyMap<string, KindRow>, { app: AppId }>({
    clock,
    maxAgeMs,
    maxSize: cachedApps,
    changes: { topic: controlTopic(bus, 'kinds_changed'), keyOf: ({ app }) => app },
  });
  const changes = new KindChanges({ store, perApp });

  return {
    async find(app, kind) {
      return builtIn.get(kind) ?? (await rowsOf(app)).get(kind);
    },
    async shortestWaitMs(app) {
      const waits = [...(await rowsOf(app)).values()].flatMap(({ policy: { waitMs = 0 } }) =>
        waitMs > 0 ? waitMs : [],
      );
      return waits.length === 0 ? undefined : Math.min(...waits);
    },
    list: async (app) => (await store.list(app)).map(withoutVersion),
    versions: (app) => store.list(app),
    async put(app, kind, check) {
      const changed = await changes.put(app, kind, check);
      await cache.changed({ app });
      return changed;
    },
    async remove(app, kind, check) {
      const removed = await changes.remove(app, kind, check);
      await cache.changed({ app });
      return removed;
    },
    manage: (app, kinds) => changes.manage(app, kinds),
    isManaged: (app, kind) => changes.isManaged(app, kind),
  };

  function rowsOf(app: AppId): Promise<ReadonlyMap<string, KindRow>> {
    return cache.get(app, async () => new Map((await store.list(app)).map((own) => [own.kind, rowOf(own)])));
  }
}

export function rowOf(kind: Kind): KindRow {
  const { policy, feature, sentBy = notByUsers } = kind;
  // Written out: a field that was left out must not come as undefined and cover a default.
  const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
  return {
    kind: kind.kind,
    action: kind.action,
    // Participants of a conversation and named users both have inboxes, so a kind for the one serves the
    // other too.
    ...(kind.audience === 'topic' || kind.audience === 'everyone'
      ? { audience: [kind.audience], durable: false }
      : { audience: ['conversation', 'users'], durable: kind.durable === 'conversation' ? 'audience' : kind.durable }),
    carries: 'anything',
    needsSender: false,
    sender: 'like_anybody',
    sentBy,
    ...(feature === undefined ? {} : { feature }),
    policy: given,
  };
}
