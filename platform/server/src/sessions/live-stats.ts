// Tells the subscribers of the topic `stats` how busy their app is, once a second while there are any.
// Monitoring an installation is the business of metrics.
import { mayReceive, statsTopic, type EventData } from '@belfry/protocol';
import { asAppId, consoleApp, type AppId } from '../ports/app-id.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Presence } from '../ports/presence.ts';
import { encode } from './encoded.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';

export interface LiveStats {
  /** To be called when a session subscribed to a topic, whichever. */
  subscribed(session: Session, topic: string): void;
  /**
   * An event was delivered to `sent` connections of this node. Costs a look-up when nobody follows the app.
   */
  delivered(app: AppId, event: { isMessage: boolean; sent: number }): void;
  stop(): void;
}

const everyMs = 1000;
const consolePrefix = `${statsTopic}.`;

/** In the console's app, the figures of this one. */
function consoleTopicOf(app: AppId): string {
  return `${consolePrefix}${app}`;
}

/** Waiting for presence may take a twentieth of all time; beyond that the numbers come less often. */
const restPerWork = 20;

/** A person of the console may have the figures of another app: who may is decided before. */
function askedAtConsole(app: AppId, topic: string): AppId | undefined {
  return app === consoleApp && topic.startsWith(consolePrefix) ? asAppId(topic.slice(consolePrefix.length)) : undefined;
}

function send(topic: string, data: EventData<'stats_update'>, sessions: readonly Session[]): void {
  const encoded = encode({ action: 'stats_update', topic, timestamp: data.at, data: { ...data } });
  for (const session of sessions) session.outlet.send(encoded);
}

/** By node, since it began to count. */
type Totals = ReadonlyMap<string, { messages: number; events: number }>;

interface Followed {
  messages: number;
  events: number;
  /** At the last report; of several nodes alone. */
  totals?: Totals | undefined;
  sinceMs: number;
  timer: Timer;
}

interface Receivers {
  own: readonly Session[];
  ofConsole: readonly Session[];
}

/** Undefined where nobody is subscribed. */
function receiversOf(registry: Pick<Registry, 'ofTopic'>, app: AppId): Receivers | undefined {
  const own = registry.ofTopic(app, statsTopic);
  const ofConsole = registry.ofTopic(consoleApp, consoleTopicOf(app));
  if (own === undefined && ofConsole === undefined) return undefined;
  return {
    own: [...(own ?? [])].filter(({ page }) => mayReceive(page.features, 'stats_update')),
    ofConsole: [...(ofConsole ?? [])],
  };
}

/** Without `totals` this node is the only one. */
function countedSince(followed: Followed, totals: Totals | undefined): { messages: number; events: number } {
  if (totals === undefined) return followed;
  const sums = { messages: 0, events: 0 };
  for (const [node, { messages, events }] of totals) {
    // One that began to count now has counted nothing yet.
    const known = followed.totals?.get(node) ?? { messages, events };
    sums.messages += Math.max(0, messages - known.messages);
    sums.events += Math.max(0, events - known.events);
  }
  return sums;
}

export function createLiveStats(deps: {
  registry: Pick<Registry, 'ofTopic'>;
  presence: Pick<Presence, 'count'>;
  clock: Clock;
  log: Log;
  /** Of all nodes; left out where there is one. */
  totals?: ((app: AppId) => Promise<Totals>) | undefined;
}): LiveStats {
  const { registry, presence, clock, log, totals: readTotals } = deps;
  const apps = new Map<AppId, Followed>();
  let stopped = false;

  function begin(app: AppId): void {
    const followed: Followed = { messages: 0, events: 0, sinceMs: clock.monotonic(), timer: later(app, everyMs) };
    apps.set(app, followed);
    // Nodes count from the first time that they are asked.
    void readTotals?.(app).then((totals) => (followed.totals ??= totals));
  }

  function later(app: AppId, delayMs: number): Timer {
    return clock.after(delayMs, () => void tick(app));
  }

  async function tick(app: AppId): Promise<void> {
    const followed = apps.get(app);
    if (followed === undefined) return;
    const receivers = receiversOf(registry, app);
    if (receivers === undefined) {
      apps.delete(app);
      return;
    }
    const startedAt = clock.monotonic();
    const { sinceMs } = followed;
    const totals = await readTotals?.(app);
    const { messages, events } = countedSince(followed, totals);
    Object.assign(followed, { messages: 0, events: 0, totals, sinceMs: startedAt });
    if (receivers.own.length + receivers.ofConsole.length > 0) {
      const perSecond = (count: number): number => Math.round((count * 10_000) / (startedAt - sinceMs)) / 10;
      await report(app, receivers, { messagesPerSecond: perSecond(messages), eventsPerSecond: perSecond(events) });
    }
    const tookMs = clock.monotonic() - startedAt;
    if (!stopped) followed.timer = later(app, Math.max(everyMs, tookMs * restPerWork) - tookMs);
  }

  async function report(
    app: AppId,
    receivers: Receivers,
    rates: Pick<EventData<'stats_update'>, 'messagesPerSecond' | 'eventsPerSecond'>,
  ): Promise<void> {
    try {
      const { connections: total, byDeviceType, byPattern, users } = await presence.count(app);
      const at = new Date(clock.now()).toISOString();
      const connections = { total, byDeviceType, byPage: byPattern };
      const data: EventData<'stats_update'> = { connections, users, ...rates, at };
      send(statsTopic, data, receivers.own);
      send(consoleTopicOf(app), data, receivers.ofConsole);
    } catch (error) {
      // Presence says by itself that it is away; the next second asks again.
      log.debug('live stats could not be read', { app, err: error });
    }
  }

  return {
    subscribed({ app }, topic) {
      const about = topic === statsTopic ? app : askedAtConsole(app, topic);
      if (about !== undefined && !stopped && !apps.has(about)) begin(about);
    },
    delivered(app, { isMessage, sent }) {
      const followed = apps.get(app);
      if (followed === undefined) return;
      followed.events += sent;
      if (isMessage) followed.messages += 1;
    },
    stop() {
      stopped = true;
      for (const { timer } of apps.values()) timer.cancel();
    },
  };
}
