// What would go where under other settings: requests, or the newest messages of the app, decided as they are and
// as they would be. The decisions are the explainer's; nothing is stored, sent or counted.

import {
  isBelfryError,
  mayReceive,
  type BroadcastRequest,
  type Fallback,
  type Kind,
  type PartialPolicy,
  type Preferences,
  type PushReason,
  type Reason,
  type ReasonCounts,
} from '@belfry/protocol';
import type { LocalDelivery } from '../delivery/local-delivery.ts';
import type { ConnectionDecision, LocalDecisions } from '../delivery/session-state.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Delivery } from '../ports/delivery.ts';
import type { MessageStore, PreferenceRecord, PreferenceStore, StoredMessage } from '../ports/stores/index.ts';
import type { ServedProvider } from '../notifications/notifications.ts';
import type { ResolveAudience } from './audience.ts';
import { Explainer } from './explainer.ts';
import { builtInKindRows, rowOf, type KindRow, type Kinds } from './kinds.ts';
import { Planner, type Plan, type PlannerDeps } from './plan.ts';
import { Validator, type Origin, type ValidatorDeps } from './validate.ts';

/** Each field takes the place of what there is; what is left out stays. */
export interface Changes {
  kinds?: readonly Kind[] | undefined;
  /** By kind, also of those that Belfry brings: what is given is changed. */
  policies?: ReadonlyMap<string, PartialPolicy> | undefined;
  /** By user. */
  preferences?: ReadonlyMap<string, Preferences> | undefined;
  /** Of users who are not named. */
  preferencesOfOthers?: Preferences | undefined;
  /** The features of pages, by the pattern of their policy. */
  pages?: ReadonlyMap<string, readonly string[]> | undefined;
  providers?: ReadonlyMap<string, 'on' | 'off' | 'paused'> | undefined;
  fallbacks?: readonly Fallback[] | undefined;
  waitMs?: number | undefined;
  /** The moment that it is taken to be, ms since the epoch. */
  atMs?: number | undefined;
}

export interface SimulatorDeps {
  validator: ValidatorDeps;
  planner: PlannerDeps;
  resolveAudience: ResolveAudience;
  local: Pick<LocalDelivery, 'preview'>;
  messages: Pick<MessageStore, 'search'>;
  clock: Clock;
}

export interface SimulatedWith {
  changes: Changes;
  patternOf: PatternOf;
  /** What was decided when a message came; undefined where nothing is known any more. */
  decidedThen: (app: AppId, messageId: string) => Promise<ReasonCounts | undefined>;
}

/** Which policy each page of the app has. */
export type PatternOf = (page: string) => string;

export interface Simulated {
  messageId?: string;
  /** As it was decided when the message came. */
  then?: ReasonCounts;
  /** As it would be decided now. */
  now?: ReasonCounts;
  /** As it would be decided with the changes. */
  changed?: ReasonCounts;
  recipients?: number;
  /** Why it would be refused, with the changes or without. */
  refused?: { code: string; message: string };
}

export interface Simulation {
  items: readonly Simulated[];
  /** Sums over all items that were decided. */
  then: ReasonCounts;
  now: ReasonCounts;
  changed: ReasonCounts;
  /** Reasons whose counts the changes would change, by how much; the largest first. */
  differences: readonly { reason: Reason; now: number; changed: number }[];
  /** Where pushes would go: by provider of the device, then by reason. */
  pushes: readonly { provider: string; reason: PushReason; now: number; changed: number }[];
  /** Some were left out, as all together would go to too many people. */
  isCut: boolean;
}

/** Plans are made one after the other: a simulation may not hold up what is real. */
const mostRecipients = 50_000;
const mostPages = 20;
const origin: Origin = { via: 'http-key' };

export class Simulator {
  readonly #deps: SimulatorDeps;

  constructor(deps: SimulatorDeps) {
    this.#deps = deps;
  }

  requests(
    app: AppId,
    requests: readonly BroadcastRequest[],
    given: Omit<SimulatedWith, 'decidedThen'>,
  ): Promise<Simulation> {
    return this.#run(
      app,
      requests.map((request) => ({ request })),
      { ...given, decidedThen: async () => undefined },
    );
  }

  /** Of the conversations of the app, the newest messages that were not deleted. */
  async newest(app: AppId, limit: number, given: SimulatedWith): Promise<Simulation> {
    const found = await this.#newestOf(app, limit);
    const asked = found.map((message) => ({ request: requestOf(message), messageId: message.id }));
    return await this.#run(app, asked, given);
  }

  async #run(
    app: AppId,
    asked: readonly { request: BroadcastRequest; messageId?: string }[],
    { changes, patternOf, decidedThen }: SimulatedWith,
  ): Promise<Simulation> {
    const [plain, other] = [this.#explainer({}, patternOf), this.#explainer(changes, patternOf)];
    const items: Simulated[] = [];
    const pushes = new PushCounts();
    let left = mostRecipients;
    for (const { request, messageId } of asked) {
      if (left <= 0) break;
      const named = messageId === undefined ? {} : { messageId };
      const then = messageId === undefined ? undefined : await decidedThen(app, messageId);
      const [now, changed] = [await planned(app, plain, request), await planned(app, other, request)];
      if (now.plan !== undefined) pushes.add('now', now.plan);
      if (changed.plan !== undefined) pushes.add('changed', changed.plan);
      left -= (now.recipients ?? 0) + (changed.recipients ?? 0);
      const refused = now.refused ?? changed.refused;
      items.push({
        ...named,
        ...(then === undefined ? {} : { then }),
        ...(now.plan === undefined ? {} : { now: now.plan.counts }),
        ...(changed.plan === undefined ? {} : { changed: changed.plan.counts, recipients: changed.recipients ?? 0 }),
        ...(refused === undefined ? {} : { refused }),
      });
    }
    const sums = { then: sumOf(items, 'then'), now: sumOf(items, 'now'), changed: sumOf(items, 'changed') };
    const [differences, isCut] = [differencesOf(sums), items.length < asked.length];
    return { items, ...sums, differences, pushes: pushes.rows(), isCut };
  }

  /** One call of the store looks at some of them, and may find none. */
  async #newestOf(app: AppId, limit: number): Promise<StoredMessage[]> {
    const found: StoredMessage[] = [];
    let after: string | undefined;
    for (let page = 0; page < mostPages && found.length < limit; page += 1) {
      const { items, next } = await this.#deps.messages.search(app, { terms: [], limit: limit - found.length, after });
      found.push(...items);
      if (next === undefined) break;
      after = next;
    }
    return found;
  }

  #explainer(changes: Changes, patternOf: PatternOf): Explainer {
    const { validator, planner, resolveAudience, local, clock } = this.#deps;
    const { atMs, fallbacks, waitMs, pages } = changes;
    const then: Pick<Clock, 'now'> = { now: () => atMs ?? clock.now() };
    return new Explainer({
      ...{ resolveAudience, local, clock: then },
      validator: new Validator({ ...validator, kinds: kindsWith(validator.kinds, changes) }),
      planner: new Planner({
        ...planner,
        clock: then,
        preferences: preferencesWith(planner.preferences, changes),
        notifications: {
          servedProviders: async (app) => servedWith(await planner.notifications.servedProviders(app), changes),
        },
        settings: async (app) => ({
          ...(await planner.settings(app)),
          ...(fallbacks === undefined ? {} : { fallbacks }),
          ...(waitMs === undefined ? {} : { waitMs }),
        }),
        adjust:
          pages === undefined
            ? undefined
            : (decisions, delivery) => adjusted(decisions, delivery, { pages, patternOf }),
      }),
    });
  }
}

/** What was sent with a policy of its own is sent with that again. */
function requestOf(message: StoredMessage): BroadcastRequest {
  const { kind, action, data, policy, conversationId, senderId, targets, exclude } = message;
  const { connectionTypes: _types, feature: _feature, ...own } = policy;
  const isKind = builtInKindRows.some((row) => row.kind === kind) || kind !== action;
  return {
    ...(isKind ? { kind } : { action, policy: own }),
    data,
    audience: conversationId === undefined ? { users: [message.stream.slice(2)] } : { conversation: conversationId },
    ...(senderId === undefined ? {} : { sender: senderId }),
    ...(targets === undefined ? {} : { targetUserIds: [...targets] }),
    ...(exclude === undefined ? {} : { exclude: [...exclude] }),
  };
}

interface Planned {
  plan?: Plan;
  recipients?: number;
  refused?: { code: string; message: string };
}

async function planned(app: AppId, explainer: Explainer, request: BroadcastRequest): Promise<Planned> {
  try {
    const { plan } = await explainer.plan(app, request, origin);
    return { plan, recipients: plan.recipientCount };
  } catch (error) {
    if (!isBelfryError(error) || error.code === 'internal' || error.code === 'unavailable') throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}

function kindsWith(kinds: Pick<Kinds, 'find'>, { kinds: given = [], policies }: Changes): Pick<Kinds, 'find'> {
  const own = new Map(given.map((kind) => [kind.kind, rowOf(kind)]));
  return {
    async find(app, kind): Promise<KindRow | undefined> {
      const row = own.get(kind) ?? (await kinds.find(app, kind));
      const policy = policies?.get(kind);
      return row === undefined || policy === undefined ? row : withPolicy(row, policy);
    },
  };
}

/** A field that was left out must not cover what there is. */
function withPolicy(row: KindRow, policy: PartialPolicy): KindRow {
  const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
  return { ...row, policy: { ...row.policy, ...given } };
}

function preferencesWith(
  store: Pick<PreferenceStore, 'ofUsers'>,
  { preferences, preferencesOfOthers }: Changes,
): Pick<PreferenceStore, 'ofUsers'> {
  if (preferences === undefined && preferencesOfOthers === undefined) return store;
  return {
    async ofUsers(app, userIds) {
      const found = new Map(await store.ofUsers(app, userIds));
      for (const userId of userIds) {
        const given = preferences?.get(userId) ?? preferencesOfOthers;
        const record: PreferenceRecord | undefined =
          given === undefined ? undefined : { userId, version: 0, preferences: given };
        if (record !== undefined) found.set(userId, record);
      }
      return found;
    },
  };
}

function servedWith(
  served: ReadonlyMap<string, ServedProvider>,
  { providers }: Changes,
): ReadonlyMap<string, ServedProvider> {
  if (providers === undefined) return served;
  const changed = new Map(served);
  for (const [id, state] of providers) {
    const channel = served.get(id)?.channel;
    if (state === 'off') changed.delete(id);
    else changed.set(id, { channel, hindrance: state === 'paused' ? 'credentials_rejected' : undefined });
  }
  return changed;
}

/** Connections of pages whose features are others; what was decided by anything else stands. */
function adjusted(
  decisions: LocalDecisions,
  { rule }: Delivery,
  { pages, patternOf }: { pages: ReadonlyMap<string, readonly string[]>; patternOf: PatternOf },
): LocalDecisions {
  if (rule.onEveryPage === true) return decisions;
  const decided = (connection: ConnectionDecision): ConnectionDecision => {
    const features = pages.get(patternOf(connection.page));
    if (features === undefined) return connection;
    const may = mayReceive(features, rule.action, rule.feature);
    if (connection.reason === 'feature_off_on_page') return may ? { ...connection, reason: 'sent' } : connection;
    const isByPage = connection.reason === 'sent' || connection.reason === 'slow_consumer';
    return isByPage && !may ? { ...connection, reason: 'feature_off_on_page' } : connection;
  };
  return new Map([...decisions].map(([userId, connections]) => [userId, connections.map(decided)]));
}

interface PushCount {
  provider: string;
  reason: PushReason;
  now: number;
  changed: number;
}

/** Of many plans, how many pushes come to which reason at which provider. */
class PushCounts {
  readonly #byPlace = new Map<string, PushCount>();

  add(field: 'now' | 'changed', { users }: Plan): void {
    for (const { push } of users) {
      for (const { provider, reason } of push) {
        const place = `${provider} ${reason}`;
        const known = this.#byPlace.get(place) ?? { provider, reason, now: 0, changed: 0 };
        known[field] += 1;
        this.#byPlace.set(place, known);
      }
    }
  }

  rows(): readonly PushCount[] {
    return [...this.#byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

function sumOf(items: readonly Simulated[], field: 'then' | 'now' | 'changed'): ReasonCounts {
  const sums = new Map<Reason, number>();
  for (const item of items)
    for (const [reason, count] of Object.entries(item[field] ?? {}) as [Reason, number][])
      sums.set(reason, (sums.get(reason) ?? 0) + count);
  return Object.fromEntries(sums);
}

function differencesOf({ now, changed }: { now: ReasonCounts; changed: ReasonCounts }): Simulation['differences'] {
  const reasons = new Set([...Object.keys(now), ...Object.keys(changed)] as Reason[]);
  return [...reasons]
    .map((reason) => ({ reason, now: now[reason] ?? 0, changed: changed[reason] ?? 0 }))
    .filter((each) => each.now !== each.changed)
    .sort((a, b) => Math.abs(b.changed - b.now) - Math.abs(a.changed - a.now) || (a.reason < b.reason ? -1 : 1));
}
