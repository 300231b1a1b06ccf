// Does the jobs of the queue `push`: decides anew for each user, chooses devices, sends, puts back what has to wait, keeps what is given up. Makes no claims.
import { LRUCache } from 'lru-cache';
import type { AppId } from '../../ports/app-id.ts';
import type { PushFact } from '../../ports/facts.ts';
import type { Job, JobResult } from '../../ports/queue.ts';
import type {
  CursorStore,
  DeadLetterRecord,
  DeadLetterStore,
  Device,
  DeviceStore,
  MessageStore,
  PreferenceStore,
  StoredMessage,
  UserProfile,
  UserStore,
} from '../../ports/stores/index.ts';
import { chooseDevices } from '../devices/choose-devices.ts';
import { aboutOf, createClaimFacts } from '../claiming/claim-facts.ts';
import { notificationOf } from './content.ts';
import { deadLetterOf } from './dead-letter.ts';
import { decideRecipient } from './decide-recipient.ts';
import type { RecipientVerdict } from './decide-recipient.ts';
import { deliver } from './deliver.ts';
import type { DeliverDeps } from './deliver.ts';
import { forEachBounded } from '../../concurrency/for-each-bounded.ts';
import { checkPreferences } from '../preferences/check-preferences.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import { readMissed } from './missed-messages.ts';
import type { Missed } from './missed-messages.ts';
import type { MessagePreview, PushProvider, PushProviders, PushSettings } from '../needs.ts';
import type { Openings } from './receipts.ts';
import { pushPayloadSchema } from '../push-job.ts';
import type { PendingDelivery, PushPayload } from '../push-job.ts';
import { putBack, splitDue } from './put-back.ts';
import type { Due, Waiting } from './put-back.ts';
import type { QuietUntil } from '../preferences/quiet-hours.ts';
import type { Quotas } from './quotas.ts';

export interface PushWorkerDeps extends Omit<DeliverDeps, 'devices' | 'providers' | 'quotas'> {
  messages: MessageStore;
  cursors: CursorStore;
  devices: DeviceStore;
  users: UserStore;
  preferences: Pick<PreferenceStore, 'ofUsers'>;
  quietUntil: QuietUntil;
  quotas: Pick<Quotas, 'load' | 'spent' | 'count'>;
  deadLetters: Pick<DeadLetterStore, 'put'>;
  providers: PushProviders;
  settings: (app: AppId) => Promise<PushSettings>;
  messageType: (id: string) => MessagePreview | undefined;
  openings: Pick<Openings, 'tokenFor'>;
  /** Aborted when the process can't wait any longer. */
  signal: AbortSignal;
}

/** Users of one job that are notified side by side. */
const usersAtOnce = 32;
/** Who waited longer for his turn may have acknowledged or read meanwhile: a service that hangs makes others wait by seconds. */
const freshMs = 500;
/** (user, stream) pairs whose last notification is remembered. */
const rememberedSends = 10_000;
/** A push that waits for the end of quiet hours is looked at this often: the user may have changed them, and a wall clock may have been wrong. */
const longestDeferMs = 60 * 60_000;

export function createPushWorker(deps: PushWorkerDeps): (job: Job) => Promise<JobResult> {
  const { facts, log, clock, metrics } = deps;
  const claimFacts = createClaimFacts(facts);
  const turns = new KeyedQueue<string>();
  // The newest claim that was sent per (user, stream): what comes after it with an older claim is covered by it.
  const sentThrough = new LRUCache<string, number>({ max: rememberedSends });

  return async function run({ id, app, payload: raw }) {
    const parsed = pushPayloadSchema.safeParse(raw);
    if (!parsed.success) {
      log.error('push job cannot be read', { app, job: id, reason: parsed.error.message });
      return { done: true };
    }
    const payload = parsed.data;
    const due = splitDue(payload);
    const context = await load(app, payload, due);
    const left: Left = { ...due.later, dead: [] };
    await forEachBounded(context.missed, usersAtOnce, async (missed) => {
      const { userId } = missed.claimed;
      const key = JSON.stringify([app, userId, payload.stream]);
      await turns.run(key, async () => {
        if (clock.monotonic() - context.readAtMs < freshMs) return notify(context, missed, { key, left });
        const fresh = await load(app, payload, onlyOf(due, userId));
        for (const now of fresh.missed) await notify(fresh, now, { key, left });
      });
    });
    // Before the job is done or put back: a kill in between keeps the same again, which does nothing.
    if (left.dead.length > 0) await deps.deadLetters.put(app, left.dead);
    return putBack(payload, left);
  };

  async function load(app: AppId, payload: PushPayload, due: Due): Promise<JobContext> {
    const { stream, recipients } = payload;
    const retried = new Set(due.deliveries.map(({ userId }) => userId));
    const readAtMs = clock.monotonic();
    const claims = recipients.filter(({ userId }) => due.userIds.has(userId) || retried.has(userId));
    const userIds = claims.map(({ userId }) => userId);
    const [settings, cursors, devices, providers, preferences] = await Promise.all([
      deps.settings(app),
      deps.cursors.get(app, stream, userIds),
      deps.devices.ofUsers(app, userIds),
      deps.providers.providers(app),
      deps.preferences.ofUsers(app, userIds),
      deps.quotas.load(app),
    ]);
    const nowMs = clock.now();
    const { quietUntil } = deps;
    const wishOf = (userId: string, message: StoredMessage) =>
      checkPreferences({ preferences: preferences.get(userId)?.preferences, userId, message, nowMs, quietUntil });
    const missed = await readMissed(app, deps.messages, { stream, claims, cursors, settings, wishOf });
    const senders = new Set(missed.map(({ owed }) => owed[0]?.senderId).filter((sender) => sender !== undefined));
    return {
      app,
      payload,
      due,
      readAtMs,
      settings,
      missed,
      devices,
      providers: new Map(providers.map((provider) => [provider.id, provider])),
      profiles: senders.size === 0 ? new Map<string, UserProfile>() : await deps.users.get(app, [...senders]),
    };
  }

  /** In the user's turn. Adds to `left` what has to be tried again, and what is given up. */
  async function notify(context: JobContext, missed: Missed, { key, left }: Turn): Promise<void> {
    const { app, payload, due } = context;
    const { userId, through } = missed.claimed;
    const retried = due.deliveries.filter((delivery) => delivery.userId === userId);
    const newer = sentThrough.get(key) ?? 0;
    const verdict: RecipientVerdict =
      newer > through ? { notify: 'never', reason: 'collapsed_into', collapsedInto: newer } : decideRecipient(missed);
    if (verdict.notify === 'never') {
      facts.record(app, claimFacts.withdrawn(missed, verdict, { payload, isLater: retried.length > 0 }));
      return;
    }
    if (verdict.notify === 'later') {
      defer(context, missed, { untilMs: verdict.untilMs, retried, left });
      return;
    }
    const { newest } = verdict;
    sentThrough.set(key, through);
    const all = context.devices.get(userId) ?? [];
    const devices =
      retried.length > 0
        ? all.filter(({ id }) => retried.some(({ deviceId }) => deviceId === id))
        : chooseDevices(
            all,
            missed.owed.map(({ policy }) => policy),
          );
    const told: PushFact[] = retried.length > 0 ? [] : claimFacts.collapsed(missed, newest);
    if (devices.length === 0) told.push(facts.make(aboutOf(newest, userId), 'no_device'));
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const attempt = retried.find(({ deviceId }) => deviceId === device.id)?.attempt ?? 1;
      const ended = await deliver(deps, deliveryTo(context, missed, { device, attempt, newest }));
      if (ended.pending !== undefined) left.deliveries.push(ended.pending);
      if (ended.fact !== undefined) told.push(ended.fact);
      if (ended.death === undefined) return;
      const { claimed } = missed;
      const { death } = ended;
      left.dead.push(deadLetterOf(payload, { claimed, device, newest, death, diedAt: clock.now() }));
      const plugin = context.providers.get(device.provider)?.plugin ?? 'unknown';
      metrics.count('push_dead_letters_total', [plugin, death.cause]);
    });
    facts.record(app, told);
  }

  /** What was to be tried again keeps its devices and attempts; what was not begun is decided anew. */
  function defer({ app, payload }: JobContext, missed: Missed, at: Deferral): void {
    const { retried, left } = at;
    const { userId } = missed.claimed;
    const afterMs = Math.max(1, Math.ceil(at.untilMs - clock.now()));
    const waitMs = Math.min(afterMs, longestDeferMs);
    for (const delivery of retried) left.deliveries.push({ ...delivery, waitMs, isDeferred: true });
    const isLater = retried.length > 0;
    const isKnown = isLater
      ? retried.every(({ isDeferred }) => isDeferred === true)
      : payload.deferred?.some((each) => each.userId === userId) === true;
    if (!isLater) left.deferred.push({ userId, waitMs });
    if (!isKnown) facts.record(app, claimFacts.deferred(missed, afterMs, { payload, isLater }));
  }

  function deliveryTo(
    context: JobContext,
    missed: Missed,
    to: { device: Device; attempt: number; newest: StoredMessage },
  ) {
    const { app, payload, settings, profiles, providers } = context;
    const { device, newest } = to;
    const { userId } = missed.claimed;
    const rest = missed.owed.slice(1);
    return {
      ...to,
      app,
      claimId: payload.claimId,
      userId,
      provider: providers.get(device.provider),
      appQuota: settings.pushQuota,
      notification: () => {
        const made = notificationOf({
          app,
          userId,
          owed: [newest, ...rest],
          device,
          senders: profiles,
          messageType: deps.messageType,
          nowMs: clock.now(),
        });
        const openedToken = deps.openings.tokenFor(app, { about: aboutOf(newest, userId), device });
        return { ...made, data: { ...made.data, openedToken } };
      },
      waitMs: newest.policy.waitMs ?? settings.waitMs,
      signal: deps.signal,
    };
  }
}

function onlyOf({ userIds, deliveries, later }: Due, userId: string): Due {
  return {
    userIds: new Set(userIds.has(userId) ? [userId] : []),
    deliveries: deliveries.filter((delivery) => delivery.userId === userId),
    later,
  };
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
  providers: ReadonlyMap<string, PushProvider>;
  profiles: ReadonlyMap<string, UserProfile>;
}

/** What a run leaves behind. */
interface Left extends Waiting {
  dead: DeadLetterRecord[];
}

interface Turn {
  /** Names user and stream. */
  key: string;
  left: Left;
}

interface Deferral {
  untilMs: number;
  /** The user's deliveries that were due for another attempt. */
  retried: readonly PendingDelivery[];
  left: Left;
}
