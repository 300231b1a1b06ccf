// Checks the pushes of phones against the acknowledgements of clients: G10 (not pushed), G11 (pushed though
// delivered in time), G12 (more than one visible notification).

import { countIn, highestBy, rising, type Ack, type Facts, type StreamFacts } from '../facts.ts';
import type { LogEntry, PhoneRecord, PostedEvent } from '../history.ts';
import { violation, type Violation } from '../violation.ts';

/** The time that a busy machine may add to the wait and to the call. */
export const slackMs = 8000;
/** Between the decision and the call of the provider, on a busy machine. */
const raceMs = 5000;
/** Notifications count among the newest so many of a stream (missed-messages.ts), a user's own among them. */
const mostCounted = 200;
/**
 * Acknowledgements are gathered for 200 ms before they are stored (acks.ts), which takes a busy machine longer than
 * that: a kill within this time may take one that was answered. Where the store is slow, it takes longer still.
 */
const gatheredMs = 1500;

export function checkPushes(facts: Facts): Violation[] {
  const kills = killsOf(facts);
  return facts.phones.flatMap((phone) => [
    ...checkKeys(phone, facts),
    ...[...facts.byStream.values()]
      .filter(({ app, members }) => app === phone.app && members.includes(phone.user))
      .flatMap((stream) => {
        const at = { app: phone.app, user: phone.user, stream: stream.stream };
        const owed = stream.log.filter(({ sender }) => sender !== phone.user);
        const view = {
          phone,
          stream,
          posts: facts.posts(phone.app, phone.deviceId, stream.stream),
          owed,
          owedSeqs: owed.map(({ seq }) => seq),
          sent: facts.acks('ack_sent', at),
          safe: safeAcks(facts, { kills, ...at }),
        };
        return [
          ...checkCovered(view),
          ...checkInTime(view, facts),
          ...checkNeedless(view, facts),
          ...checkCounts(view),
        ];
      }),
  ]);
}

interface View {
  phone: PhoneRecord;
  stream: StreamFacts;
  posts: readonly PostedEvent[];
  /** The messages that the user did not send. */
  owed: readonly LogEntry[];
  owedSeqs: readonly number[];
  sent: readonly Ack[];
  /** The messages that are certain to be stored. */
  safe: readonly Ack[];
}

/**
 * Whatever broke: a message that was never acknowledged is covered by a notification that the provider took.
 */
function checkCovered({ phone, stream, posts, owed, sent }: View): Violation[] {
  const acked = highestBy(sent, Infinity);
  const accepted = posts.filter(({ outcome }) => outcome === 'accepted');
  const covered = accepted.reduce((highest, { seq }) => Math.max(highest, seq), 0);
  const missing = owed.find(({ seq }) => seq > Math.max(acked, covered));
  return missing === undefined
    ? []
    : [violation('G10', `${stream.name}: ${phone.user} was never notified of ${missing.seq}`)];
}

/** Where nothing was broken the whole time: within `waitMs`, unless it was acknowledged by then. */
function checkInTime({ phone, stream, posts, owed, sent }: View, facts: Facts): Violation[] {
  const found: Violation[] = [];
  let best = 0;
  let next = 0;
  for (const { seq, key } of owed) {
    const storedAt = stream.messages.get(key)?.firstAnswer?.at;
    if (storedAt === undefined) continue;
    const dueAt = storedAt + facts.waitMs + slackMs;
    if (dueAt > facts.endedAt || wasBroken(facts, storedAt, dueAt) || highestBy(sent, dueAt) >= seq) continue;
    for (let post = posts[next]; post !== undefined && post.at <= dueAt; post = posts[next]) {
      best = Math.max(best, post.seq);
      next += 1;
    }
    if (best < seq) found.push(violation('G10', `${stream.name}: ${phone.user} was not notified of ${seq} in time`));
  }
  return found;
}

function wasBroken({ stops, troubles }: Facts, from: number, to: number): boolean {
  // Around a stop: messages that were sent just before and answered after it, and clients that are still
  // coming back.
  return (
    stops.some(({ beganAt, backAt }) => beganAt <= to && backAt + 2000 >= from - 2000) ||
    troubles.some((trouble) => trouble.from <= to && trouble.to >= from)
  );
}

/**
 * A notification counts nothing that was acknowledged well before it came. The window of the race, in which
 * nobody can say who was first: the decision is made before the call of the provider, which waits for the one
 * before it to the same user.
 */
function checkNeedless({ phone, stream, posts, owedSeqs, safe }: View, facts: Facts): Violation[] {
  return posts.flatMap(({ seq, count, at }) => {
    const acked = highestBy(safe, at - raceMs - facts.pushTimeoutMs);
    const about = `${stream.name}: ${phone.user} was notified of`;
    const when = (): string => whenOf({ at, acked, safe }, facts);
    if (seq <= acked) return [violation('G11', `${about} ${seq}, which was acknowledged; ${when()}`)];
    const most = countIn(owedSeqs, acked, seq);
    if (count <= most) return [];
    return [violation('G11', `${about} ${count} messages up to ${seq}, ${most} were not acknowledged; ${when()}`)];
  });
}

/** What came before it, for whoever looks for the cause: such a run hardly comes again. */
function whenOf({ at, acked, safe }: { at: number; acked: number; safe: readonly Ack[] }, facts: Facts): string {
  const before = (then: number): string => `${Math.round(at - then)} ms before`;
  const ack = safe.find(({ seq }) => seq >= acked);
  const { outages, stops, slow } = facts;
  return [
    ...(ack === undefined ? [] : [`${acked} was acknowledged ${before(ack.at)}`]),
    ...stops.map(({ how, beganAt }) => `a ${how} was ${before(beganAt)}`),
    ...outages.map(({ from, to }) => `an outage began ${before(from)} and ended ${before(to)}`),
    ...slow.map(({ from }) => `answers were slow ${before(from)}`),
  ].join(', ');
}

/**
 * The notification that a device shows under one key stands for all that was missed: a count that is too low
 * has gone back.
 */
function checkCounts({ phone, stream, posts, owedSeqs, sent }: View): Violation[] {
  return posts.flatMap(({ seq, count, at }) => {
    const acked = highestBy(sent, at);
    // The claim may reach further than the newest that is owed, over messages of the user's own.
    const reach = (owedSeqs.find((owed) => owed > seq) ?? (stream.log.at(-1)?.seq ?? seq) + 1) - 1;
    const least = countIn(owedSeqs, Math.max(acked, reach - mostCounted), seq);
    if (count >= least) return [];
    return [
      violation(
        'G12',
        `${stream.name}: ${phone.user} was notified of ${count} messages up to ${seq}, ${least} were missed`,
      ),
    ];
  });
}

/** A message under two keys is seen twice; two streams under one key hide each other. */
function checkKeys({ app, user, deviceId }: PhoneRecord, facts: Facts): Violation[] {
  const posts = facts.all('posted').filter((post) => post.app === app && post.deviceId === deviceId);
  const keys = new Map<string, string>();
  const streams = new Map<string, string>();
  const found: Violation[] = [];
  for (const { messageIds, collapseKey, stream } of posts) {
    const twice = messageIds.find((id) => (keys.get(`${stream} ${id}`) ?? collapseKey) !== collapseKey);
    if (twice !== undefined) found.push(violation('G12', `${app}: ${user} sees ${twice} under two keys`));
    if ((streams.get(collapseKey) ?? stream) !== stream)
      found.push(violation('G12', `${app}: ${user} has ${stream} under the key of another stream`));
    for (const id of messageIds) keys.set(`${stream} ${id}`, collapseKey);
    streams.set(collapseKey, stream);
  }
  return found;
}

interface Kill {
  at: number;
  /** What was acknowledged so long before it may not have been stored. */
  takesMs: number;
}

/** Acknowledgements are stored no faster than the messages that were on their way to the same store. */
function killsOf({ stops, byStream }: Facts): Kill[] {
  const messages = [...byStream.values()].flatMap((stream) => [...stream.messages.values()]);
  return stops
    .filter(({ how }) => how === 'kill')
    .map(({ beganAt: at }) => {
      // One that was sent again waited for its client too.
      const waits = messages.flatMap(({ firstSentAt, sendings, firstAnswer }) =>
        sendings === 1 && firstSentAt <= at && firstAnswer !== undefined && firstAnswer.at >= at - gatheredMs
          ? [Math.min(firstAnswer.at, at) - firstSentAt]
          : [],
      );
      return { at, takesMs: gatheredMs + Math.max(0, ...waits) };
    });
}

/**
 * What is certain to be stored, and since when. While a server is away, what was acknowledged waits in the memory of
 * the node that answered.
 */
function safeAcks(facts: Facts, at: { kills: readonly Kill[]; app: string; user: string; stream: string }): Ack[] {
  const storedAt = (answeredAt: number): number =>
    facts.outages.find(({ from, to }) => answeredAt + gatheredMs >= from && answeredAt <= to)?.to ?? answeredAt;
  const isSafe = (answeredAt: number): boolean =>
    !at.kills.some((kill) => kill.at >= answeredAt && kill.at <= storedAt(answeredAt) + kill.takesMs);
  const answered = facts
    .all('ack_answered')
    .filter(({ app, user, stream, holds }) => holds && app === at.app && user === at.user && stream === at.stream);
  return rising(
    answered.filter((ack) => isSafe(ack.at)).map(({ seq, at: answeredAt }) => ({ seq, at: storedAt(answeredAt) })),
  );
}
