// A history put in order for the checks: by stream, by key, by phone, and when the server was away. Checks
// nothing.

import type { EventOf, FaultEvent, History, LogEntry, PostedEvent, StreamRecord } from './history.ts';

export interface Message {
  key: string;
  /** Of the sender's outbox; undefined for a message whose sending nobody recorded. */
  n: number | undefined;
  sender: string | undefined;
  via: 'outbox' | 'broadcast';
  firstSentAt: number;
  /** How often it was sent. */
  sendings: number;
  firstAnswer: EventOf<'answered'> | undefined;
  answers: EventOf<'answered'>[];
  refusals: EventOf<'refused'>[];
}

export interface Stop {
  how: 'kill' | 'drain';
  beganAt: number;
  code: number | null;
  /** Infinity when it did not. */
  endedAt: number;
  /** When it listened again; Infinity when it did not. */
  backAt: number;
}

export interface StreamFacts extends StreamRecord {
  name: string;
  bySeq: ReadonlyMap<number, LogEntry>;
  byKey: ReadonlyMap<string, readonly LogEntry[]>;
  messages: ReadonlyMap<string, Message>;
}

export interface Facts extends History {
  byStream: ReadonlyMap<string, StreamFacts>;
  stops: readonly Stop[];
  /**
   * When something else was broken: the provider, until its breaker was closed again at the latest; a disk; a
   * machine too busy to check by the clock.
   */
  troubles: readonly Period[];
  /** When a disk, a server or the way to one was broken: without the time that is needed to make good for it. */
  outages: readonly Period[];
  /** The part of it that is the machine's. */
  slow: readonly Period[];
  posts(app: string, deviceId: string, stream: string): readonly PostedEvent[];
  /** Of this user in this stream, in order of time, each with the highest seq so far. */
  acks(type: 'ack_sent' | 'ack_answered', at: { app: string; user: string; stream: string }): readonly Ack[];
  all<T extends FaultEvent['type']>(type: T): readonly EventOf<T>[];
}

export interface Period {
  from: number;
  to: number;
}

export interface Ack {
  seq: number;
  at: number;
}

/**
 * An answer that took so long shows a machine that has too much to do: other deadlines are not checked by the
 * clock then.
 */
const slowAnswerMs = 2000;
/** A provider that failed ten times is not called for 5 s, and that doubles once while it stays ill. */
const breakerMs = 11_000;
/** The relay does the work that the fast path could not, when it looks again. */
const relayMs = 16_000;

export function nameOf({ app, stream }: { app: string; stream: string }): string {
  return `${app} ${stream}`;
}

export function factsOf(history: History): Facts {
  const events = history.events.toSorted((a, b) => a.at - b.at);
  const byType = Map.groupBy(events, ({ type }) => type);
  const all = <T extends FaultEvent['type']>(type: T): readonly EventOf<T>[] =>
    // Grouped by exactly this field.
    (byType.get(type) ?? []) as unknown as readonly EventOf<T>[];
  const messages = messagesByStream(all);
  const byStream = new Map(
    history.streams.map((record): [string, StreamFacts] => {
      const name = nameOf(record);
      return [
        name,
        {
          ...record,
          name,
          bySeq: new Map(record.log.map((entry) => [entry.seq, entry])),
          byKey: Map.groupBy(record.log, ({ key }) => key),
          messages: messages.get(name) ?? new Map<string, Message>(),
        },
      ];
    }),
  );
  const slow = slowPeriods(messages);
  const posts = Map.groupBy(all('posted'), (post) => `${nameOf(post)} ${post.deviceId}`);
  const acks = {
    ack_sent: Map.groupBy(all('ack_sent'), (ack) => `${nameOf(ack)} ${ack.user}`),
    ack_answered: Map.groupBy(all('ack_answered'), (ack) => `${nameOf(ack)} ${ack.user}`),
  };
  const turns = all('trouble').map(({ is, at }) => ({ begins: is === 'begun', at }));
  return {
    ...history,
    events,
    byStream,
    all,
    stops: stopsOf(all),
    troubles: [
      ...periodsOf(
        all('provider').map(({ mood, at }) => ({ begins: mood === 'ill', at })),
        { endedAt: history.endedAt, after: breakerMs },
      ),
      ...periodsOf(turns, { endedAt: history.endedAt, after: relayMs }),
      ...slow,
    ],
    outages: periodsOf(turns, { endedAt: history.endedAt, after: 0 }),
    slow,
    posts: (app, deviceId, stream) => posts.get(`${nameOf({ app, stream })} ${deviceId}`) ?? [],
    acks: (type, at) => rising((acks[type].get(`${nameOf(at)} ${at.user}`) ?? []).filter(({ holds }) => holds)),
  };
}

type All = Facts['all'];

function messagesByStream(all: All): Map<string, Map<string, Message>> {
  const byStream = new Map<string, Map<string, Message>>();
  const streamOf = (name: string): Map<string, Message> => {
    const known = byStream.get(name) ?? new Map<string, Message>();
    byStream.set(name, known);
    return known;
  };
  for (const { key, n, sender, via, at, ...place } of all('sent')) {
    const stream = streamOf(nameOf(place));
    const known = stream.get(key);
    if (known !== undefined) {
      known.sendings += 1;
      continue;
    }
    const nothingYet = { firstAnswer: undefined, answers: [], refusals: [] };
    stream.set(key, { key, n, sender, via, firstSentAt: at, sendings: 1, ...nothingYet });
  }
  for (const answer of all('answered')) {
    const message = streamOf(nameOf(answer)).get(answer.key);
    if (message === undefined) continue;
    message.firstAnswer ??= answer;
    message.answers.push(answer);
  }
  for (const refusal of all('refused')) streamOf(nameOf(refusal)).get(refusal.key)?.refusals.push(refusal);
  return byStream;
}

function stopsOf(all: All): Stop[] {
  const began = all('stopping');
  const ended = all('stopped');
  const started = all('started');
  return began.map(({ how, at: beganAt }) => {
    const end = ended.find(({ at }) => at >= beganAt);
    return {
      ...{ how, beganAt },
      code: end?.code ?? null,
      endedAt: end?.at ?? Infinity,
      backAt: started.find(({ at }) => at > beganAt)?.at ?? Infinity,
    };
  });
}

function slowPeriods(messages: Map<string, Map<string, Message>>): Period[] {
  const all = [...messages.values()].flatMap((ofStream) => [...ofStream.values()]);
  const slow = all.flatMap(({ firstSentAt, firstAnswer }) => {
    const isSlow = firstAnswer !== undefined && firstAnswer.at - firstSentAt > slowAnswerMs;
    return isSlow ? [{ from: firstSentAt, to: firstAnswer.at + relayMs }] : [];
  });
  // They overlap: few are quicker to look through than thousands.
  const joined: Period[] = [];
  for (const period of slow.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && period.from <= last.to) last.to = Math.max(last.to, period.to);
    else joined.push(period);
  }
  return joined;
}

function periodsOf(
  turns: readonly { begins: boolean; at: number }[],
  { endedAt, after }: { endedAt: number; after: number },
): Period[] {
  return turns.flatMap(({ begins, at }, index) => {
    if (!begins) return [];
    const end = turns.slice(index).find((turn) => !turn.begins);
    return [{ from: at, to: (end?.at ?? endedAt) + after }];
  });
}

/**
 * The highest seq of those up to this moment; 0 when there is none. They are in order of time, each with the
 * highest so far.
 */
export function highestBy(acks: readonly Ack[], at: number): number {
  return acks[countWhile(acks, (ack) => ack.at <= at) - 1]?.seq ?? 0;
}

/** How many of these ascending seqs are above `after` and not above `to`. */
export function countIn(seqs: readonly number[], after: number, to: number): number {
  return countWhile(seqs, (seq) => seq <= to) - countWhile(seqs, (seq) => seq <= after);
}

/** How many at the front of the list fit, where all that fit are at the front. */
function countWhile<T>(list: readonly T[], fits: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle];
    if (item !== undefined && fits(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In order of time, each with the highest seq so far. */
export function rising(acks: readonly Ack[]): Ack[] {
  let highest = 0;
  return acks.map(({ seq, at }) => ({ at, seq: (highest = Math.max(highest, seq)) }));
}
