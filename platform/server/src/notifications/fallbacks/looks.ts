// Takes the steps of fall-back chains: looks, when one is due, whether what came before was enough, and pushes to
// the step's devices where it was not. A step waits in its push job, so that a kill at any moment loses none.
// Which devices are of which step: chain.ts.
import { createHash } from 'node:crypto';
import type { PushFact } from '../../ports/message-facts.ts';
import type { DeliveryStore, Device, StoredMessage } from '../../ports/stores/index.ts';
import type { Surroundings } from '../../ports/surroundings.ts';
import { aboutOf, type ClaimFacts } from '../claiming/claim-facts.ts';
import { chooseDevices } from '../devices/choose-devices.ts';
import type { PushFacts } from '../facts.ts';
import { deliveryIdOf, type WaitingStep } from '../push-job.ts';
import { decideRecipient } from '../sending/decide-recipient.ts';
import { waitingOf, withdrawnReason, type Came, type PushEnds, type Sent } from '../sending/ends.ts';
import type { JobContext } from '../sending/job-context.ts';
import type { Missed } from '../sending/missed-messages.ts';
import type { Left, Sender } from '../sending/sender.ts';
import { chainOf, holds, type Chain, type Step } from './chain.ts';

export interface FallbackLooksDeps {
  deliveries: Pick<DeliveryStore, 'find' | 'reserve'>;
  facts: PushFacts;
  claimFacts: ClaimFacts;
  ends: Pick<PushEnds, 'came'>;
  sender: Pick<Sender, 'send'>;
  surroundings: Pick<Surroundings, 'clock'>;
}

/** What was pushed to, and what became of it, when a chain begins or goes on. */
export interface Begun {
  newest: StoredMessage;
  /** Those that a provider serves. */
  devices: readonly Device[];
  wasTaken: boolean;
}

const nothingSent = { sent: [] } as const;

/** A step that is due later is looked at this often: the app may have changed its chain meanwhile. */
const longestWaitMs = 60 * 60_000;
/** An attempt that is still to be made is waited for in these steps. */
const openWaitMs = 1_000;

export class FallbackLooks {
  readonly #deps: FallbackLooksDeps;

  constructor(deps: FallbackLooksDeps) {
    this.#deps = deps;
  }

  chainFor(context: JobContext, missed: Missed, { kind, policy }: StoredMessage): Chain {
    const { devices, settings, providers } = context;
    const channelOf = (id: string) => {
      const provider = providers.get(id);
      return provider === undefined || provider.state === 'off' ? undefined : provider.channel;
    };
    const terms = { kind, priority: policy.priority };
    return chainOf(devices.get(missed.claimed.userId) ?? [], { fallbacks: settings.fallbacks, terms, channelOf });
  }

  /** After the first push. Says whether a step waits now. */
  begin(context: JobContext, missed: Missed, { chain, left, ...begun }: Begun & { chain: Chain; left: Left }): boolean {
    const before = begun.devices.map(({ id }) => id);
    const { userId } = missed.claimed;
    const waiting = { userId, waitMs: 0, at: 0, sinceMs: 0, before, wasTaken: begun.wasTaken, used: before };
    return this.#waitForNext(context, missed, { chain, waiting, newest: begun.newest, left });
  }

  /** Of a claim that reaches over all that the user has missed by now. */
  async look(context: JobContext, missed: Missed, at: { waiting: WaitingStep; left: Left }): Promise<void> {
    const came = await this.#come(context, missed, at);
    const { waiting, left } = at;
    this.#deps.ends.came(context, { done: [waiting], remaining: waitingOf(waiting.userId, left) }, came);
  }

  async #come(context: JobContext, missed: Missed, at: { waiting: WaitingStep; left: Left }): Promise<Came> {
    const { facts, claimFacts } = this.#deps;
    const { app, payload } = context;
    const { waiting, left } = at;
    const verdict = decideRecipient(missed);
    if (verdict.notify === 'never') {
      facts.record(app, claimFacts.withdrawn(missed, verdict, { payload, isLater: true }));
      return { withdrawn: withdrawnReason(missed, verdict, payload.messageId) };
    }
    if (verdict.notify === 'later') {
      this.#defer(context, missed, { ...at, untilMs: verdict.untilMs });
      return nothingSent;
    }
    const { newest } = verdict;
    const chain = this.chainFor(context, missed, newest);
    const step = chain.steps.find((each) => each.at === waiting.at);
    if (step === undefined) {
      this.#waitForNext(context, missed, { chain, waiting, newest, left });
      return nothingSent;
    }
    const leftMs = step.fallback.afterMs - waiting.sinceMs;
    if (leftMs > 0) {
      left.fallbacks.push({ ...waiting, waitMs: Math.min(leftMs, longestWaitMs) });
      return nothingSent;
    }
    return await this.#decide(context, missed, { chain, step, waiting, newest, left });
  }

  async #decide(context: JobContext, missed: Missed, given: AtStep): Promise<Came> {
    const { chain, step, waiting, newest, left } = given;
    const events = await this.#eventsOf(context, waiting);
    const isOpened = events.some((each) => each.includes('opened'));
    if (isOpened) {
      this.#end(context, missed, { chain, waiting, newest });
      return nothingSent;
    }
    const pending = left.deliveries.filter(
      ({ userId, deviceId }) => userId === waiting.userId && waiting.before.includes(deviceId),
    );
    const isAllFailed = events.length > 0 && events.every((each) => each.includes('failed'));
    const does = holds(step.fallback, {
      hadDevice: waiting.before.length > 0,
      wasTaken: waiting.wasTaken && !isAllFailed,
      isOpen: pending.length > 0,
    });
    if (does === 'later') {
      const waitMs = Math.max(openWaitMs, ...pending.map((each) => each.waitMs));
      left.fallbacks.push({ ...waiting, waitMs: Math.min(waitMs, longestWaitMs) });
      return nothingSent;
    }
    if (does === 'yes') return await this.#take(context, missed, given);
    this.#waitForNext(context, missed, { ...given, waiting: { ...waiting, at: waiting.at + 1 } });
    return nothingSent;
  }

  /** Of several messages whose steps are due, the first takes it for all that is missed by then. */
  async #take(context: JobContext, missed: Missed, { chain, step, waiting, newest, left }: AtStep): Promise<Came> {
    const { deliveries, facts, claimFacts, sender, surroundings } = this.#deps;
    const { app, payload, providers } = context;
    const { userId, through } = missed.claimed;
    const devices = devicesOf(step, missed, waiting.used);
    const { fallback, at } = step;
    const reserved = await deliveries.reserve(app, {
      ...{ userId, through, at: surroundings.clock.now(), owner: `${payload.claimId} ${at}` },
      key: keyOf([payload.stream, userId, fallback.channel ?? '', fallback.provider ?? '']),
    });
    const about = aboutOf(newest, userId);
    if (!reserved.isMine) {
      const detail = { collapsedInto: reserved.through };
      const told = devices.map((device) => facts.make(about, 'collapsed_into', { device, ...detail }));
      facts.record(app, told);
      return { withdrawn: 'collapsed_into' };
    }
    const ends: PushFact[] = claimFacts.collapsed(missed, newest);
    for (const device of devices) ends.push(facts.make(about, 'fallback_from', { device, from: fallback.after }));
    facts.record(app, ends);
    const isAwaited = chain.steps.some((each) => each.at > at);
    const all: Sent[] = [];
    for (const device of devices) {
      const sent = await sender.send(context, missed, { device, pending: undefined, newest, left, isAwaited });
      if (sent.fact !== undefined) facts.record(app, [sent.fact]);
      all.push(sent);
    }
    const wasTaken = all.some(({ isAccepted }) => isAccepted === true);
    const before = devices.filter(({ provider }) => providers.has(provider)).map(({ id }) => id);
    const used = [...waiting.used, ...devices.map(({ id }) => id)];
    this.#waitForNext(context, missed, {
      ...{ chain, newest, left },
      waiting: { userId, waitMs: 0, at: at + 1, sinceMs: 0, before, wasTaken, used },
    });
    return { sent: all };
  }

  /** From `waiting.at` on the first step that can be taken, with devices that were not pushed to yet. */
  #waitForNext(context: JobContext, missed: Missed, { chain, waiting, newest, left }: Omit<AtStep, 'step'>): boolean {
    const { facts } = this.#deps;
    const next = nextStep(chain, missed, waiting);
    if (next === undefined) {
      this.#end(context, missed, { chain, waiting, newest });
      return false;
    }
    const { at, fallback, devices } = next;
    const afterMs = Math.max(0, fallback.afterMs - waiting.sinceMs);
    left.fallbacks.push({ ...waiting, at, waitMs: Math.min(afterMs, longestWaitMs) });
    const about = aboutOf(newest, waiting.userId);
    const from = fallback.after;
    const told = devices.map((device) => facts.make(about, 'fallback_waiting', { device, from, afterMs }));
    facts.record(context.app, told);
    return true;
  }

  /** Devices of steps that are not taken any more. */
  #end({ app }: JobContext, missed: Missed, { chain, waiting, newest }: Omit<AtStep, 'step' | 'left'>): void {
    const { facts } = this.#deps;
    const unused = new Set(chain.steps.flatMap((step) => devicesOf(step, missed, waiting.used)));
    const about = aboutOf(newest, waiting.userId);
    facts.record(
      app,
      [...unused].map((device) => facts.make(about, 'fallback_not_needed', { device })),
    );
  }

  #defer(context: JobContext, missed: Missed, at: { waiting: WaitingStep; untilMs: number; left: Left }): void {
    const { facts, claimFacts, surroundings } = this.#deps;
    const { waiting, left } = at;
    const afterMs = Math.max(1, Math.ceil(at.untilMs - surroundings.clock.now()));
    left.fallbacks.push({ ...waiting, waitMs: Math.min(afterMs, longestWaitMs), isDeferred: true });
    if (waiting.isDeferred === true) return;
    facts.record(context.app, claimFacts.deferred(missed, afterMs, { payload: context.payload, isLater: true }));
  }

  /** Of each delivery of what came before that is kept. */
  async #eventsOf({ app, payload }: JobContext, { before }: WaitingStep): Promise<readonly (readonly string[])[]> {
    if (before.length === 0) return [];
    const ids = before.map((deviceId) => deliveryIdOf(payload.claimId, deviceId));
    return (await this.#deps.deliveries.find(app, { ids })).map(({ events }) => events);
  }
}

interface AtStep {
  chain: Chain;
  step: Step;
  waiting: WaitingStep;
  newest: StoredMessage;
  left: Left;
}

function nextStep(chain: Chain, missed: Missed, { at, before, used }: WaitingStep): Step | undefined {
  for (const step of chain.steps) {
    // There was one: nothing that comes later makes it none.
    if (step.at < at || (step.fallback.after === 'no_device' && before.length > 0)) continue;
    const devices = devicesOf(step, missed, used);
    if (devices.length > 0) return { ...step, devices };
  }
  return undefined;
}

/** As the policies of what is told of choose, of those that were not pushed to. */
function devicesOf({ devices }: Step, { owed }: Pick<Missed, 'owed'>, used: readonly string[]): Device[] {
  const chosen = chooseDevices(
    devices,
    owed.map(({ policy }) => policy),
  );
  return chosen.filter(({ id }) => !used.includes(id));
}

function keyOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
