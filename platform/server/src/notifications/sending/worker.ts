// Does the jobs of the queue `push`: decides anew for each user, chooses devices, sends, puts back what has
// to wait, keeps what is given up. Makes no claims.
import { leastUsed } from '../../caching/least-used.ts';
import type { AppId } from '../../ports/app-id.ts';
import type { PushFact } from '../../ports/message-facts.ts';
import type { Job, JobResult } from '../../ports/queue.ts';
import { traced } from '../../ports/tracing.ts';
import type { Device, StoredMessage, Stores } from '../../ports/stores/index.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import { forEachBounded } from '../../concurrency/for-each-bounded.ts';
import { Gathered } from '../../concurrency/gathered.ts';
import { aboutOf, createClaimFacts, type ClaimFacts } from '../claiming/claim-facts.ts';
import { chooseDevices } from '../devices/choose-devices.ts';
import { FallbackLooks } from '../fallbacks/looks.ts';
import { pushPayloadSchema, type PendingDelivery, type PushPayload, type WaitingStep } from '../push-job.ts';
import type { BudgetState } from './breaker.ts';
import { decideRecipient, type RecipientVerdict } from './decide-recipient.ts';
import type { Dismissal } from './dismissal.ts';
import { PushEnds, waitingOf, withdrawnReason, type Came, type Sent } from './ends.ts';
import { loadContext, type JobContext, type JobContextDeps } from './job-context.ts';
import { decideReplacement } from './shown.ts';
import type { Missed } from './missed-messages.ts';
import { putBack, splitDue, type Due } from './put-back.ts';
import { Sender, type Left, type SenderDeps } from './sender.ts';

export interface PushWorkerDeps extends Omit<SenderDeps, 'stores'>, Omit<JobContextDeps, 'stores'> {
  plugins: SenderDeps['plugins'] & JobContextDeps['plugins'];
  quotas: SenderDeps['quotas'] & JobContextDeps['quotas'];
  surroundings: SenderDeps['surroundings'];
  stores: SenderDeps['stores'] & JobContextDeps['stores'] & Pick<Stores, 'deadLetters' | 'deliveries'>;
  dismissal: Pick<Dismissal, 'add'>;
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
/**
 * A push that waits for the end of quiet hours is looked at this often: the user may have changed them, and a
 * wall clock may have been wrong.
 */
const longestDeferMs = 60 * 60_000;

export class PushWorker {
  readonly #deps: PushWorkerDeps;
  readonly #sender: Sender;
  readonly #fallbacks: FallbackLooks;
  readonly #claimFacts: ClaimFacts;
  readonly #ends: PushEnds;
  readonly #turns = new KeyedQueue<string>();
  /**
   * The newest claim that was sent per (user, stream): what comes after it with an older claim is covered by
   * it.
   */
  readonly #sentThrough = leastUsed<number>(rememberedSends);

  constructor(deps: PushWorkerDeps) {
    this.#deps = deps;
    const { facts, surroundings, stores } = deps;
    const claimFacts = createClaimFacts(facts);
    const sender = new Sender(deps);
    this.#claimFacts = claimFacts;
    this.#sender = sender;
    this.#ends = new PushEnds(facts);
    const { deliveries } = stores;
    this.#fallbacks = new FallbackLooks({ deliveries, facts, claimFacts, ends: this.#ends, sender, surroundings });
  }

  budgetOf(app: AppId, providerId: string): BudgetState {
    return this.#sender.budgetOf(app, providerId);
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
    const left: Left = { ...due.later, dead: [] };
    const asked = new Set([...due.userIds, ...due.deliveries.map(({ userId }) => userId)]);
    const context = await this.#load(app, payload, asked);
    const current = new Gathered((userIds: readonly string[]) => this.#current(context, userIds));
    await forEachBounded(context.missed, sideBySide(context), async ({ claimed: { userId } }) => {
      const key = turnOf(app, userId, payload);
      await this.#turns.run(key, async () => {
        const now = await current.of(userId);
        if (now !== undefined) await this.#notify(now.context, now.missed, { key, due, left });
      });
    });
    // After them: whether they were taken is what a step is decided by.
    if (due.fallbacks.length > 0) await this.#look(app, payload, { waiting: due.fallbacks, left });
    // Before the job is done or put back: a kill in between keeps the same again, which does nothing.
    if (left.dead.length > 0) await this.#deps.stores.deadLetters.put(app, left.dead);
    return putBack(payload, left);
  }

  async #look(
    app: AppId,
    payload: PushPayload,
    { waiting, left }: { waiting: readonly WaitingStep[]; left: Left },
  ): Promise<void> {
    const byUser = new Map(waiting.map((each) => [each.userId, each]));
    await forEachBounded([...byUser.values()], usersAtOnce, async (step) => {
      const { userId } = step;
      await this.#turns.run(turnOf(app, userId, payload), async () => {
        const asked = { payload, userIds: new Set([userId]), isOpenEnded: true };
        const context = await loadContext(this.#deps, app, asked);
        const [missed] = context.missed;
        if (missed !== undefined) await this.#fallbacks.look(context, missed, { waiting: step, left });
      });
    });
  }

  /**
   * What holds of these users, whose turn it is: what was read of them, or what is read now. The queue promises no
   * order between two jobs of one user, which two workers may do at once: a claim that came after the reading is
   * asked for right before the sending, so that an older notification does not take the place of a newer one. Once
   * for all whose turn comes together: a read for each would cost more than all the rest, and most where the store
   * is slow already.
   */
  async #current(context: JobContext, userIds: readonly string[]): Promise<ReadonlyMap<string, Current>> {
    const { surroundings, stores } = this.#deps;
    const { app, payload } = context;
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
    const fresh = await this.#load(app, payload, asked);
    for (const missed of fresh.missed) current.set(missed.claimed.userId, { context: fresh, missed });
    return current;
  }

  #load(app: AppId, payload: PushPayload, userIds: ReadonlySet<string>): Promise<JobContext> {
    return loadContext(this.#deps, app, { payload, userIds });
  }

  /** In the user's turn. Adds to `left` what has to be tried again, and what is given up. */
  async #notify(context: JobContext, missed: Missed, { key, due, left }: Turn): Promise<void> {
    const { facts } = this.#deps;
    const { app, payload } = context;
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
      const withdrawn = withdrawnReason(missed, verdict, payload.messageId);
      this.#came(context, { userId, retried, due, left }, { withdrawn });
      return;
    }
    if (verdict.notify === 'later') {
      this.#defer(context, missed, { untilMs: verdict.untilMs, retried, left });
      return;
    }
    this.#sentThrough.set(key, through);
    const { newest } = verdict;
    const sent =
      retried.length > 0
        ? await this.#sendAgain(context, missed, { newest, retried, due, left })
        : await this.#sendFirst(context, missed, { newest, left });
    this.#came(context, { userId, retried, due, left }, { sent });
  }

  /** The steps of fall-back chains that are due are looked at later in the run. */
  #came(context: JobContext, { userId, retried, due, left }: OfUser, came: Came): void {
    const steps = due.fallbacks.filter((step) => step.userId === userId);
    this.#ends.came(context, { done: retried, remaining: [...steps, ...waitingOf(userId, left)] }, came);
  }

  async #sendFirst(
    context: JobContext,
    missed: Missed,
    to: { newest: StoredMessage; left: Left },
  ): Promise<readonly Sent[]> {
    const { facts } = this.#deps;
    const { app, providers } = context;
    const { newest, left } = to;
    const chain = this.#fallbacks.chainFor(context, missed, newest);
    const devices = chosenOf(chain.first, missed);
    const ends: PushFact[] = this.#claimFacts.collapsed(missed, newest);
    const isAwaited = chain.steps.length > 0;
    const all: Sent[] = [];
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const sent = await this.#sender.send(context, missed, { device, pending: undefined, newest, left, isAwaited });
      if (sent.fact !== undefined) ends.push(sent.fact);
      all.push(sent);
    });
    facts.record(app, ends);
    const wasTaken = all.some(({ isAccepted }) => isAccepted === true);
    const served = devices.filter(({ provider }) => (providers.get(provider)?.state ?? 'off') !== 'off');
    const isWaiting =
      isAwaited && this.#fallbacks.begin(context, missed, { chain, newest, devices: served, wasTaken, left });
    if (devices.length === 0 && !isWaiting)
      facts.record(app, [facts.make(aboutOf(newest, missed.claimed.userId), 'no_device')]);
    return all;
  }

  /** A step of the chain that waits hears what became of the devices before it. */
  async #sendAgain(
    context: JobContext,
    missed: Missed,
    { newest, retried, due, left }: Again,
  ): Promise<readonly Sent[]> {
    const { userId } = missed.claimed;
    const all = context.devices.get(userId) ?? [];
    const devices = all.filter(({ id }) => retried.some(({ deviceId }) => deviceId === id));
    const steps = [...due.fallbacks, ...left.fallbacks].filter((step) => step.userId === userId);
    const ends: PushFact[] = [];
    const came: Sent[] = [];
    if (devices.length === 0) ends.push(this.#deps.facts.make(aboutOf(newest, userId), 'no_device'));
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const pending = retried.find(({ deviceId }) => deviceId === device.id);
      const isAwaited = steps.length > 0;
      const sent = await this.#sender.send(context, missed, { device, pending, newest, left, isAwaited });
      const { fact, isAccepted } = sent;
      came.push(sent);
      if (fact !== undefined) ends.push(fact);
      if (isAccepted !== true) return;
      for (const step of steps) if (step.before.includes(device.id)) step.wasTaken = true;
    });
    this.#deps.facts.record(context.app, ends);
    return came;
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
    const { first } = this.#fallbacks.chainFor(context, missed, newest);
    const devices = replacedOn(context, missed, { first, retried }).filter(
      ({ provider }) => providers.get(provider)?.supports.collapse === true,
    );
    if (devices.length === 0) return clear(changed.collapseKey);
    await forEachBounded(devices, usersAtOnce, async (device) => {
      const pending = retried.find(({ deviceId }) => deviceId === device.id);
      const to = { device, pending, newest, left, isAwaited: false };
      const { fact, isPending } = await this.#sender.replace(context, missed, to);
      if (fact?.reason === 'accepted_by_provider') facts.record(app, [fact]);
      else if (!isPending) await clear(changed.collapseKey);
    });
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
}

/** All of a job where a service takes many in one call: who is not there in time goes in another. */
function sideBySide({ providers }: JobContext): number {
  const batches = [...providers.values()].map((provider) =>
    provider.sendMany === undefined ? 1 : (provider.limits.batch ?? 1),
  );
  return Math.max(usersAtOnce, ...batches);
}

function turnOf(app: AppId, userId: string, { stream }: PushPayload): string {
  return JSON.stringify([app, userId, stream]);
}

/** The devices that the policies name. */
function chosenOf(devices: readonly Device[], { owed }: Missed): readonly Device[] {
  return chooseDevices(
    devices,
    owed.map(({ policy }) => policy),
  );
}

/** The devices of what is tried again, or those that the policies name. */
function replacedOn(
  { devices }: JobContext,
  missed: Missed,
  { first, retried }: { first: readonly Device[]; retried: readonly PendingDelivery[] },
) {
  const all = devices.get(missed.claimed.userId) ?? [];
  if (retried.length > 0) return all.filter(({ id }) => retried.some(({ deviceId }) => deviceId === id));
  return chosenOf(first, missed);
}

/** A user of a job, as is true when their turn has come. */
interface Current {
  context: JobContext;
  missed: Missed;
}

interface Turn {
  /** Names user and stream. */
  key: string;
  due: Due;
  left: Left;
}

/** What was due for a user in this run, and what is left to do. */
interface OfUser {
  userId: string;
  retried: readonly PendingDelivery[];
  due: Due;
  left: Left;
}

interface Replacement {
  verdict: RecipientVerdict;
  retried: readonly PendingDelivery[];
  left: Left;
}

interface Again {
  newest: StoredMessage;
  retried: readonly PendingDelivery[];
  due: Due;
  left: Left;
}

interface Deferral {
  untilMs: number;
  /** The user's deliveries that were due for another attempt. */
  retried: readonly PendingDelivery[];
  left: Left;
}
