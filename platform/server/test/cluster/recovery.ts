// How soon the clients of killed nodes were back and had caught up (docs/guarantees.md, G9), from what they recorded.

import type { EventOf, FaultEvent, History } from '../faults/history.ts';

/** A node that was killed: where its clients were connected, and when. */
export interface Kill {
  url: string;
  at: number;
}

export interface Recovery {
  clients: number;
  /** When the nodes were killed the machine had so much to do that nothing can be said by the clock. */
  isMachineBusy: boolean;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** Around a kill, what clients of the other nodes say is answered sooner than that. */
const slowAnswerMs = 1000;
const aroundMs = 5000;

type Client = Pick<EventOf<'opened'>, 'app' | 'reader'>;

/**
 * Of each client that lost a killed node: from the kill until it has everything that was stored before it was
 * connected again. Undefined where there is none. `stays`: clients that do not go by themselves.
 */
export function recoveryOf(
  { events }: Pick<History, 'events'>,
  { kills, stays }: { kills: readonly Kill[]; stays: (client: Client) => boolean },
): Recovery | undefined {
  const ofClient = Map.groupBy(events.filter(isOfClient), nameOf);
  const took = kills.flatMap((kill) =>
    [...ofClient.values()].flatMap((own) => {
      const lost = lostWith(kill, own);
      if (lost === undefined || !stays(lost)) return [];
      const back = own.find(({ type, at }) => type === 'opened' && at > kill.at);
      return [back === undefined ? Infinity : caughtUpAt(events, { own, back }) - kill.at];
    }),
  );
  if (took.length === 0) return undefined;
  const sorted = took.toSorted((a, b) => a - b).map(Math.round);
  const quantile = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return {
    clients: sorted.length,
    isMachineBusy: kills.some(({ at }) => isBusyAround(events, at)),
    ...{ p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1) },
  };
}

type ClientEvent = EventOf<'opened' | 'closed' | 'released'>;

function isOfClient(event: FaultEvent): event is ClientEvent {
  return event.type === 'opened' || event.type === 'closed' || event.type === 'released';
}

function nameOf({ app, reader }: Client): string {
  return `${app} ${reader}`;
}

/** Its connection of that moment, where that was to the node. */
function lostWith({ url, at: killedAt }: Kill, own: readonly ClientEvent[]): EventOf<'opened'> | undefined {
  const last = own.findLast((event) => event.type !== 'released' && event.at <= killedAt);
  return last?.type === 'opened' && last.url === url ? last : undefined;
}

function caughtUpAt(
  events: readonly FaultEvent[],
  { own, back }: { own: readonly ClientEvent[]; back: ClientEvent },
): number {
  const storedBefore = new Set(
    events.flatMap((event) =>
      event.type === 'answered' && event.app === back.app && event.at < back.at ? [`${event.stream} ${event.key}`] : [],
    ),
  );
  const late = own.filter(
    (event) => event.type === 'released' && event.at > back.at && storedBefore.has(`${event.stream} ${event.key}`),
  );
  return late.at(-1)?.at ?? back.at;
}

/** By messages that were sent once: their senders were not those of the killed node. */
function isBusyAround(events: readonly FaultEvent[], killedAt: number): boolean {
  const sendings = new Map<string, { at: number; times: number }>();
  for (const event of events) {
    if (event.type !== 'sent') continue;
    const key = `${event.app} ${event.stream} ${event.key}`;
    const { at, times } = sendings.get(key) ?? { at: event.at, times: 0 };
    sendings.set(key, { at, times: times + 1 });
  }
  return events.some((event) => {
    if (event.type !== 'answered') return false;
    const sent = sendings.get(`${event.app} ${event.stream} ${event.key}`);
    if (sent === undefined || sent.times > 1 || Math.abs(sent.at - killedAt) > aroundMs) return false;
    return event.at - sent.at > slowAnswerMs;
  });
}
