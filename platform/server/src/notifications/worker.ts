// Does the jobs of the queue `push`: decides anew for each user, chooses devices, sends, and puts back what has to wait. Makes no claims.
import { LRUCache } from 'lru-cache';
import type { AppId } from '../ports/app-id.ts';
import type { Job, JobResult } from '../ports/queue.ts';
import type {
  CursorStore,
  Device,
  DeviceStore,
  MessageStore,
  StoredMessage,
  UserProfile,
  UserStore,
} from '../ports/stores/index.ts';
import { chooseDevices } from './choose-devices.ts';
import { notificationOf } from './content.ts';
import { decideRecipient } from './decide-recipient.ts';
import type { RecipientVerdict } from './decide-recipient.ts';
import { deliver } from './deliver.ts';
import type { DeliverDeps } from './deliver.ts';
import { forEachBounded } from './gate.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { readMissed } from './missed-messages.ts';
import type { Missed } from './missed-messages.ts';
import type { MessagePreview, PushFact, PushProvider, PushProviders, PushSettings } from './needs.ts';
import { pushPayloadSchema } from './push-job.ts';
import type { PendingDelivery, PushPayload } from './push-job.ts';

export interface PushWorkerDeps extends Omit<DeliverDeps, 'devices' | 'providers'> {
  messages: MessageStore;
  cursors: CursorStore;
  devices: DeviceStore;
  users: UserStore;
  providers: PushProviders;
  settings: (app: AppId) => Promise<PushSettings>;
  messageType: (id: string) => MessagePreview | undefined;
  /** Aborted when the process can't wait any longer. */
  signal: AbortSignal;
}

/** Users of one job that are notified side by side. */
const usersAtOnce = 32;
/** Facts about older messages of a claim, per user: a history of thousands is told by its newest. */
const mostCollapsedFacts = 50;
/** (user, stream) pairs whose last notification is remembered. */
const rememberedSends = 10_000;

export function createPushWorker(deps: PushWorkerDeps): (job: Job) => Promise<JobResult> {
  const { facts, log, clock } = deps;
  const turns = createKeyedQueue();
  // The newest claim that was sent per (user, stream): what comes after it with an older claim is covered by it.
  const sentThrough = new LRUCache<string, number>({ max: rememberedSends });

  return async function run({ id, app, payload: raw }) {
    const parsed = pushPayloadSchema.safeParse(raw);
    if (!parsed.success) {
      log.error('push job cannot be read', { app, job: id, reason: parsed.error.message });
      return { done: true };
    }
    const payload = parsed.data;
    const { due, later } = splitDue(payload);
    const context = await load(app, payload, due);
    const pending: PendingDelivery[] = [...later];
    await forEachBounded(context.missed, usersAtOnce, async (missed) => {
      const key = JSON.stringify([app, missed.claimed.userId, payload.stream]);
      pending.push(...(await turns.run(key, () => notify(context, missed, key))));
    });
    return pending.length === 0 ? { done: true } : putBack(payload, pending);
  };

  async function load(app: AppId, payload: PushPayload, due: readonly PendingDelivery[] | undefined) {
    const { stream, recipients } = payload;
    const named = due === undefined ? undefined : new Set(due.map(({ userId }) => userId));
    const claims = recipients.filter(({ userId }) => named?.has(userId) ?? true);
    const userIds = claims.map(({ userId }) => userId);
    const [settings, cursors, devices, providers] = await Promise.all([
      deps.settings(app),
      deps.cursors.get(app, stream, userIds),
      deps.devices.ofUsers(app, userIds),
      deps.providers.providers(app),
    ]);
    const missed = await readMissed(app, deps.messages, { stream, claims, cursors, settings });
    const senders = new Set(missed.map(({ owed }) => owed[0]?.senderId).filter((sender) => sender !== undefined));
    return {
      app,
      payload,
      due,
      settings,
      missed,
      devices,
      providers: new Map(providers.map((provider) => [provider.id, provider])),
      profiles: senders.size === 0 ? new Map<string, UserProfile>() : await deps.users.get(app, [...senders]),
    } satisfies JobContext;
  }

  /** In the user's turn. Resolves with what has to be tried again. */
  async function notify(context: JobContext, missed: Missed, key: string): Promise<PendingDelivery[]> {
    const { app, due } = context;
    const { userId, through } = missed.claimed;
    const newer = sentThrough.get(key) ?? 0;
    const verdict: RecipientVerdict =
      newer > through ? { notify: false, reason: 'collapsed_into', collapsedInto: newer } : decideRecipient(missed);
    if (!verdict.notify) {
      facts.tell(app, withdrawn(context, missed, verdict));
      return [];
    }
    sentThrough.set(key, through);
    const all = context.devices.get(userId) ?? [];
    const mine = due?.filter((delivery) => delivery.userId === userId);
    const devices =
      mine === undefined
        ? chooseDevices(
            all,
            missed.owed.map(({ policy }) => policy),
          )
        : all.filter(({ id }) => mine.some(({ deviceId }) => deviceId === id));
    const told: PushFact[] = mine === undefined ? collapsed(missed, verdict.newest) : [];
    if (devices.length === 0) told.push(facts.make(aboutOf(verdict.newest, userId), 'no_device'));
    const pending: PendingDelivery[] = [];
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const attempt = mine?.find(({ deviceId }) => deviceId === device.id)?.attempt ?? 1;
      const ended = await deliver(deps, deliveryTo(context, missed, { device, attempt, newest: verdict.newest }));
      if (ended.pending !== undefined) pending.push(ended.pending);
      if (ended.fact !== undefined) told.push(ended.fact);
    });
    facts.tell(app, told);
    return pending;
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
      notification: () =>
        notificationOf({
          app,
          userId,
          owed: [newest, ...rest],
          device,
          senders: profiles,
          messageType: deps.messageType,
          nowMs: clock.now(),
        }),
      waitMs: newest.policy.waitMs ?? settings.waitMs,
      signal: deps.signal,
    };
  }

  /** The same for every message of the claim; of the claimed one alone where the log has none of them any more. */
  function withdrawn(context: JobContext, missed: Missed, verdict: RecipientVerdict & { notify: false }): PushFact[] {
    const { payload, due } = context;
    const { userId } = missed.claimed;
    const { reason, collapsedInto } = verdict;
    const detail = collapsedInto === undefined ? {} : { collapsedInto };
    const { messageId, stream, seq } = payload;
    const about = missed.inClaim.slice(0, mostCollapsedFacts).map((message) => aboutOf(message, userId));
    // A later run is about the newest alone: the others were told of in the first.
    const told =
      about.length === 0 ? [{ messageId, stream, seq, userId }] : due === undefined ? about : about.slice(0, 1);
    return told.map((each) => facts.make(each, reason, detail));
  }

  function collapsed({ inClaim, claimed: { userId } }: Missed, newest: StoredMessage): PushFact[] {
    return inClaim
      .filter(({ seq }) => seq < newest.seq)
      .slice(0, mostCollapsedFacts)
      .map((message) => facts.make(aboutOf(message, userId), 'collapsed_into', { collapsedInto: newest.seq }));
  }
}

interface JobContext {
  app: AppId;
  payload: PushPayload;
  due: readonly PendingDelivery[] | undefined;
  settings: PushSettings;
  missed: readonly Missed[];
  devices: ReadonlyMap<string, readonly Device[]>;
  providers: ReadonlyMap<string, PushProvider>;
  profiles: ReadonlyMap<string, UserProfile>;
}

function aboutOf({ id, stream, seq }: StoredMessage, userId: string) {
  return { messageId: id, stream, seq, userId };
}

/** Waits are counted down by how long the job was put back: no stamps are compared, and a lower bound of a service stays one. */
function splitDue({ deliveries, sleptMs = 0 }: PushPayload): {
  due: PendingDelivery[] | undefined;
  later: PendingDelivery[];
} {
  const waited = deliveries?.map((each) => ({ ...each, waitMs: Math.max(0, each.waitMs - sleptMs) }));
  return {
    due: waited?.filter(({ waitMs }) => waitMs === 0),
    later: waited?.filter(({ waitMs }) => waitMs > 0) ?? [],
  };
}

/** The same job, when the first of them is due: nothing is added to the queue, so a kill at any moment loses and doubles nothing. */
function putBack(payload: PushPayload, deliveries: PendingDelivery[]): JobResult {
  const delayMs = Math.ceil(Math.min(...deliveries.map(({ waitMs }) => waitMs)));
  const users = new Set(deliveries.map(({ userId }) => userId));
  const recipients = payload.recipients.filter(({ userId }) => users.has(userId));
  return { again: { delayMs, payload: { ...payload, recipients, deliveries, sleptMs: delayMs } } };
}
