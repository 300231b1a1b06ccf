// Does the jobs of the queue `push`: decides anew for each user, chooses devices, sends, puts back what has
// to wait, keeps what is given up. Makes no claims.
import { LRUCache } from 'lru-cache';
import type { AppId } from '../../ports/app-id.ts';
import type { PushFact } from '../../ports/message-facts.ts';
import type { Job, JobResult } from '../../ports/queue.ts';
import { traced } from '../../ports/tracing.ts';
import type { DeadLetterRecord, Device, StoredMessage, Stores, UserProfile } from '../../ports/stores/index.ts';
import type { PluginHost } from '../../plugins/plugin-host.ts';
import type { ProviderHandle } from '../../plugins/provider-handle.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import { forEachBounded } from '../../concurrency/for-each-bounded.ts';
import { Gathered } from '../../concurrency/gathered.ts';
import { aboutOf, createClaimFacts, type ClaimFacts } from '../claiming/claim-facts.ts';
import { chooseDevices } from '../devices/choose-devices.ts';
import { checkPreferences } from '../preferences/check-preferences.ts';
import type { QuietUntil } from '../preferences/quiet-hours.ts';
import { deliveryIdOf, pushPayloadSchema, type PendingDelivery, type PushPayload } from '../push-job.ts';
import type { PushSettings, SettingsOf } from '../push-settings.ts';
import { Breaker } from './breaker.ts';
import { CallRate } from './call-rate.ts';
import { notificationOf, type PreviewOf } from './content.ts';
import { deadLetterOf } from './dead-letter.ts';
import { decideRecipient, type RecipientVerdict } from './decide-recipient.ts';
import { deliver, type DeliverDeps, type OneDelivery } from './deliver.ts';
import type { Dismissal } from './dismissal.ts';
import type { Extras } from './extras.ts';
import { decideReplacement } from './shown.ts';
import { readMissed, type MembersOf, type Missed } from './missed-messages.ts';
import { putBack, splitDue, type Due, type Waiting } from './put-back.ts';
import type { Quotas } from './quotas.ts';
import type { Openings } from '../receipts/openings.ts';

export interface PushWorkerDeps extends Pick<
  DeliverDeps,
  'surroundings' | 'facts' | 'keep' | 'maxAttempts' | 'random'
> {
  stores: Pick<Stores, 'messages' | 'cursors' | 'devices' | 'users' | 'preferences' | 'deadLetters'>;
  plugins: Pick<PluginHost, 'providers' | 'pause'>;
  quietUntil: QuietUntil;
  membersOf: MembersOf;
  dismissal: Pick<Dismissal, 'add'>;
  quotas: Pick<Quotas, 'load' | 'take'>;
  settings: SettingsOf;
  messageType: PreviewOf;
  openings: Pick<Openings, 'tokenFor'>;
  extras: Pick<Extras, 'of'>;
  /** Aborted when the process can't wait any longer. */
  signal: AbortSignal;
}

/** Users of one job that are notified side by side. */
const usersAtOnce = 32;
/**
 * A user who waited longer for a turn may have acknowledged or read meanwhile: a service that hangs makes
 * others wait by seconds.
 */
const freshMs = 500;
/** (user, stream) pairs whose last notification is remembered. */
const rememberedSends = 10_000;
/** Accepted deliveries that are remembered against a job that is run again. */
const rememberedDeliveries = 50_000;
/**
 * A push that waits for the end of quiet hours is looked at this often: the user may have changed them, and a
 * wall clock may have been wrong.
 */
const longestDeferMs = 60 * 60_000;

export class PushWorker {
  readonly #deps: PushWorkerDeps;
  readonly #delivering: DeliverDeps;
  readonly #claimFacts: ClaimFacts;
  readonly #turns = new KeyedQueue<string>();
  /**
   * The newest claim that was sent per (user, stream): what comes after it with an older claim is covered by
   * it.
   */
  readonly #sentThrough = new LRUCache<string, number>({ max: rememberedSends });

  constructor(deps: PushWorkerDeps) {
    this.#deps = deps;
    const { surroundings, facts, stores, plugins, quotas, keep, maxAttempts, random } = deps;
    const accepted = new LRUCache<string, true>({ max: rememberedDeliveries });
    this.#claimFacts = createClaimFacts(facts);
    this.#delivering = {
      ...{ surroundings, facts, plugins, quotas, keep, maxAttempts, random, devices: stores.devices },
      breaker: new Breaker(surroundings.clock),
      rate: new CallRate(surroundings.clock),
      accepted: { has: (id) => accepted.has(id), add: (id) => void accepted.set(id, true) },
    };
  }

  async run({ id, app, payload: raw }: Job): Promise<JobResult> {
    const parsed = pushPayloadSchema.safeParse(raw);
    if (!parsed.success) {
      this.#deps.surroundings.log.error('push job cannot be read', { app, job: id, reason: parsed.error.message });
      return { done: true };
    }
    const payload = parsed.data;
    const options = { kind: 'consumer', parent: payload.trace } as const;
    return await traced(this.#deps.surroundings.tracing, ['push job', options], () => this.#work(app, payload));
  }

  async #work(app: AppId, payload: PushPayload): Promise<JobResult> {
    const due = splitDue(payload);
    const context = await this.#load(app, payload, due);
    const left: Left = { ...due.later, dead: [] };
    const current = new Gathered((userIds: readonly string[]) => this.#current(context, userIds));
    await forEachBounded(context.missed, usersAtOnce, async ({ claimed: { userId } }) => {
      const key = JSON.stringify([app, userId, payload.stream]);
      await this.#turns.run(key, async () => {
        const now = await current.of(userId);
        if (now !== undefined) await this.#notify(now.context, now.missed, { key, left });
      });
    });
    // Before the job is done or put back: a kill in between keeps the same again, which does nothing.
    if (left.dead.length > 0) await this.#deps.stores.deadLetters.put(app, left.dead);
    return putBack(payload, left);
  }

  /**
   * What holds of these users, whose turn it is: what was read of them, or what is read now. The queue promises no order between two jobs of one user,
   * which two workers may do at once: a claim that came after the reading is asked for right before the
   * sending, so that an older notification does not take the place of a newer one. Once for all whose turn comes
   * together: a read for each would cost more than all the rest, and most where the store is slow already.
   */
  async #current(context: JobContext, userIds: readonly string[]): Promise<ReadonlyMap<string, Current>> {
    const { surroundings, stores } = this.#deps;
    const { app, payload, due } = context;
    const isOld = surroundings.clock.monotonic() - context.readAtMs >= freshMs;
    const cursors = isOld ? undefined : await stores.cursors.get(app, payload.stream, userIds);
    const current = new Map<string, Current>();
    const asked = new Set(userIds);
    for (const missed of context.missed) {
      const { userId } = missed.claimed;
      const isSame = cursors?.get(userId)?.pushed === missed.cursor.pushed;
      if (isSame && asked.delete(userId)) current.set(userId, { context, missed });
    }
    if (asked.size === 0) return current;
    const fresh = await this.#load(app, payload, onlyOf(due, asked));
    for (const missed of fresh.missed) current.set(missed.claimed.userId, { context: fresh, missed });
    return current;
  }

  async #load(app: AppId, payload: PushPayload, due: Due): Promise<JobContext> {
    const { stores, plugins, quotas, quietUntil, membersOf, surroundings } = this.#deps;
    const { stream, recipients } = payload;
    const retried = new Set(due.deliveries.map(({ userId }) => userId));
    const readAtMs = surroundings.clock.monotonic();
    const claims = recipients.filter(({ userId }) => due.userIds.has(userId) || retried.has(userId));
    const userIds = claims.map(({ userId }) => userId);
    const [settings, cursors, devices, providers, preferences] = await Promise.all([
      this.#deps.settings(app),
      stores.cursors.get(app, stream, userIds),
      stores.devices.ofUsers(app, userIds),
      plugins.providers(app),
      stores.preferences.ofUsers(app, userIds),
      quotas.load(app),
    ]);
    const nowMs = surroundings.clock.now();
    const wishOf = (userId: string, message: StoredMessage) =>
      checkPreferences({ preferences: preferences.get(userId)?.preferences, userId, message, nowMs, quietUntil });
    const missed = await readMissed(app, stores.messages, {
      ...{ stream, claims, cursors, settings, wishOf, membersOf },
    });
    const senders = new Set(missed.map(({ owed }) => owed[0]?.senderId).filter((sender) => sender !== undefined));
    return {
      ...{ app, payload, due, readAtMs, settings, missed, devices },
      providers: new Map(providers.map((provider) => [provider.id, provider])),
      profiles: senders.size === 0 ? new Map<string, UserProfile>() : await stores.users.get(app, [...senders]),
    };
  }

  /** In the user's turn. Adds to `left` what has to be tried again, and what is given up. */
  async #notify(context: JobContext, missed: Missed, { key, left }: Turn): Promise<void> {
    const { facts } = this.#deps;
    const { app, payload, due } = context;
    const { userId, through } = missed.claimed;
    const retried = due.deliveries.filter((delivery) => delivery.userId === userId);
    const newer = this.#sentThrough.get(key) ?? 0;
    const verdict: RecipientVerdict =
      newer > through ? { notify: 'never', reason: 'collapsed_into', collapsedInto: newer } : decideRecipient(missed);
    if (payload.changed !== undefined) {
      await this.#replace(context, missed, { verdict, retried, left });
      return;
    }
    if (verdict.notify === 'never') {
      facts.record(app, this.#claimFacts.withdrawn(missed, verdict, { payload, isLater: retried.length > 0 }));
      return;
    }
    if (verdict.notify === 'later') {
      this.#defer(context, missed, { untilMs: verdict.untilMs, retried, left });
      return;
    }
    const { newest } = verdict;
    this.#sentThrough.set(key, through);
    const devices = devicesFor(context, missed, retried);
    const ends: PushFact[] = retried.length > 0 ? [] : this.#claimFacts.collapsed(missed, newest);
    if (devices.length === 0) ends.push(facts.make(aboutOf(newest, userId), 'no_device'));
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const pending = retried.find(({ deviceId }) => deviceId === device.id);
      const fact = await this.#deliver(context, missed, { device, pending, newest, left });
      if (fact !== undefined) ends.push(fact);
    });
    facts.record(app, ends);
  }

  /**
   * A message that was notified has changed: the notification is taken away, or another takes its place that
   * tells of what is left. Quietly, and not while it is quiet hours: it was told of before.
   */
  async #replace(context: JobContext, missed: Missed, { verdict, retried, left }: Replacement): Promise<void> {
    const { dismissal, facts } = this.#deps;
    const { app, payload, providers } = context;
    const { changed, messageId, stream } = payload;
    const { userId, through: pushed } = missed.claimed;
    // The notification of a later claim takes its place.
    if (changed === undefined || (verdict.notify === 'never' && verdict.reason === 'collapsed_into')) return;
    const newest = verdict.notify === 'now' ? verdict.newest : undefined;
    const what = decideReplacement(newest, { messageId, why: changed.why });
    const clear = (own: string | undefined): Promise<void> =>
      dismissal.add(app, { stream, userId, pushed, own, why: payload.claimId });
    if (what === 'leave') return;
    if (what === 'clear' || newest === undefined) return clear(changed.collapseKey);
    if (newest.policy.collapseKey !== changed.collapseKey) await clear(changed.collapseKey);
    const devices = devicesFor(context, missed, retried).filter(
      ({ provider }) => providers.get(provider)?.supports.collapse === true,
    );
    if (devices.length === 0) return clear(changed.collapseKey);
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const pending = retried.find(({ deviceId }) => deviceId === device.id);
      const one = this.#deliveryTo(context, missed, { device, pending, newest, left });
      const quiet = { ...one, notification: async () => ({ ...(await one.notification()), priority: 'low' as const }) };
      const { pending: again, fact } = await deliver(this.#delivering, quiet);
      if (again !== undefined) left.deliveries.push(again);
      if (fact?.reason === 'accepted_by_provider') facts.record(app, [fact]);
      else if (again === undefined) await clear(changed.collapseKey);
    });
  }

  /** Resolves with the fact of it; undefined when nothing became of it. */
  async #deliver(context: JobContext, missed: Missed, to: OneDevice): Promise<PushFact | undefined> {
    const { device, newest, left } = to;
    const { clock, metrics } = this.#deps.surroundings;
    const { pending, fact, death } = await deliver(this.#delivering, this.#deliveryTo(context, missed, to));
    if (pending !== undefined) left.deliveries.push(pending);
    if (death !== undefined) {
      const { claimed } = missed;
      left.dead.push(deadLetterOf(context.payload, { claimed, device, newest, death, diedAt: clock.now() }));
      const plugin = context.providers.get(device.provider)?.plugin ?? 'unknown';
      metrics.count('push_dead_letters_total', [plugin, death.cause]);
    }
    return fact;
  }

  /**
   * Deliveries that were to be tried again keep their devices and attempts; a user for whom nothing was begun
   * is decided anew.
   */
  #defer({ app, payload }: JobContext, missed: Missed, at: Deferral): void {
    const { retried, left } = at;
    const { userId } = missed.claimed;
    const afterMs = Math.max(1, Math.ceil(at.untilMs - this.#deps.surroundings.clock.now()));
    const waitMs = Math.min(afterMs, longestDeferMs);
    for (const delivery of retried) left.deliveries.push({ ...delivery, waitMs, isDeferred: true });
    const isLater = retried.length > 0;
    const isKnown = isLater
      ? retried.every(({ isDeferred }) => isDeferred === true)
      : payload.deferred?.some((each) => each.userId === userId) === true;
    if (!isLater) left.deferred.push({ userId, waitMs });
    if (!isKnown) this.#deps.facts.record(app, this.#claimFacts.deferred(missed, afterMs, { payload, isLater }));
  }

  #deliveryTo(context: JobContext, missed: Missed, { device, pending, newest }: OneDevice): OneDelivery {
    const { surroundings, openings, extras, messageType, signal } = this.#deps;
    const { app, payload, settings, profiles, providers } = context;
    const { userId } = missed.claimed;
    const rest = missed.owed.slice(1);
    const provider = providers.get(device.provider);
    const supports = provider?.supports ?? {};
    const isKept = isHeardOf(provider);
    const deliveryId = isKept ? deliveryIdOf(payload.claimId, device.id) : undefined;
    const notification = async () => {
      const made = notificationOf({
        ...{ app, userId, device, messageType, supports, senders: profiles, nowMs: surroundings.clock.now() },
        owed: [newest, ...rest],
      });
      const openedToken = openings.tokenFor(app, { about: aboutOf(newest, userId), device, deliveryId });
      const more = await extras.of(app, { userId, newest, senders: profiles, supports });
      return { ...made, ...more, data: { ...made.data, openedToken } };
    };
    return {
      ...{ app, userId, device, newest, notification, signal },
      claimId: payload.claimId,
      ...{ provider, isKept },
      appQuota: settings.pushQuota,
      attempt: pending?.attempt ?? 1,
      isCounted: pending?.isCounted ?? false,
      waitMs: newest.policy.waitMs ?? settings.waitMs,
    };
  }
}

/** Whether the service may say what became of a push. */
function isHeardOf(provider: ProviderHandle | undefined): boolean {
  const isTold = provider?.readReceipts !== undefined && provider.receiptUrl !== undefined;
  return isTold || provider?.pollReceipts !== undefined;
}

/** The devices of what is tried again, or those that the policies name. */
function devicesFor({ devices }: JobContext, { claimed, owed }: Missed, retried: readonly PendingDelivery[]) {
  const all = devices.get(claimed.userId) ?? [];
  if (retried.length > 0) return all.filter(({ id }) => retried.some(({ deviceId }) => deviceId === id));
  return chooseDevices(
    all,
    owed.map(({ policy }) => policy),
  );
}

function onlyOf({ userIds, deliveries, later }: Due, some: ReadonlySet<string>): Due {
  return {
    userIds: new Set([...userIds].filter((userId) => some.has(userId))),
    deliveries: deliveries.filter(({ userId }) => some.has(userId)),
    later,
  };
}

/** A user of a job, as is true when their turn has come. */
interface Current {
  context: JobContext;
  missed: Missed;
}

interface JobContext {
  app: AppId;
  payload: PushPayload;
  due: Due;
  /** Monotonic. */
  readAtMs: number;
  settings: PushSettings;
  missed: readonly Missed[];
  devices: ReadonlyMap<string, readonly Device[]>;
  providers: ReadonlyMap<string, ProviderHandle>;
  profiles: ReadonlyMap<string, UserProfile>;
}

/** The work and the letters that a run leaves behind. */
interface Left extends Waiting {
  dead: DeadLetterRecord[];
}

interface Turn {
  /** Names user and stream. */
  key: string;
  left: Left;
}

interface Replacement {
  verdict: RecipientVerdict;
  retried: readonly PendingDelivery[];
  left: Left;
}

interface OneDevice {
  device: Device;
  /** The delivery that was to be tried again; undefined at the first attempt. */
  pending: PendingDelivery | undefined;
  newest: StoredMessage;
  left: Left;
}

interface Deferral {
  untilMs: number;
  /** The user's deliveries that were due for another attempt. */
  retried: readonly PendingDelivery[];
  left: Left;
}
