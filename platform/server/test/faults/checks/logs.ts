// Checks the logs against the answers that senders got: G1 (lost), G2 (holes, not the same for everyone), G3
// and G4 (order), G5 and G13 (doubled), G15 (half done), G16 (lost by a drain).

import type { Facts, Message, StreamFacts } from '../facts.ts';
import { violation, type Violation } from '../violation.ts';

/** Of an answered message that is not in the log: the first event after the answer is to blame. */
export function checkLost({ byStream, stops }: Facts): Violation[] {
  return [...byStream.values()].flatMap((stream) =>
    [...stream.messages.values()].flatMap(({ key, firstAnswer }) => {
      if (firstAnswer === undefined || stream.byKey.has(key)) return [];
      const stop = stops.find(({ backAt }) => backAt >= firstAnswer.at);
      return stop?.how === 'drain'
        ? [violation('G16', `${stream.name}: ${key} was acknowledged and is gone after a drain`)]
        : [violation('G1', `${stream.name}: ${key} was acknowledged and is not in the log`)];
    }),
  );
}

export function checkHoles({ byStream }: Facts): Violation[] {
  return [...byStream.values()].flatMap(({ name, log }) => {
    const wrong = log.findIndex(({ seq }, index) => seq !== index + 1);
    return wrong === -1 ? [] : [violation('G2', `${name}: seq ${log[wrong]?.seq ?? 0} stands at place ${wrong + 1}`)];
  });
}

/** The message that an answer or an event named under a seq is the one that stands there. */
export function checkSameForAll({ byStream, all }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const stream of byStream.values()) {
    for (const { key, answers } of stream.messages.values()) {
      const ids = new Set(stream.byKey.get(key)?.map(({ messageId }) => messageId));
      // A message that is not there at all, or is there twice, is the business of G1 and G5.
      if (ids.size !== 1) continue;
      for (const { seq, messageId } of answers) {
        if (seq !== undefined && stream.bySeq.get(seq)?.messageId !== messageId)
          found.push(violation('G2', `${stream.name}: ${key} was answered as seq ${seq}, where another stands`));
      }
    }
  }
  for (const { app, stream: name, seq, key, messageId, reader } of all('released')) {
    const stream = byStream.get(`${app} ${name}`);
    const isLost = stream?.messages.get(key)?.firstAnswer !== undefined && !stream.byKey.has(key);
    if (stream === undefined || isLost || !key.startsWith(`${app}/`)) continue;
    if (stream.bySeq.get(seq)?.messageId !== messageId)
      found.push(violation('G2', `${stream.name}: ${reader} received ${key} as seq ${seq}, where another stands`));
  }
  return found;
}

/** Acknowledged before the other was first sent: the lower seq. */
export function checkRealTime({ byStream }: Facts): Violation[] {
  return [...byStream.values()].flatMap((stream) => {
    const placed = placedOf(stream);
    const answered = placed
      .flatMap(({ message: { firstAnswer }, seq }) => (firstAnswer === undefined ? [] : [{ at: firstAnswer.at, seq }]))
      .toSorted((a, b) => a.at - b.at);
    let next = 0;
    let highest = 0;
    const found: Violation[] = [];
    for (const { message, seq } of placed.toSorted((a, b) => a.message.firstSentAt - b.message.firstSentAt)) {
      for (
        let before = answered[next];
        before !== undefined && before.at < message.firstSentAt;
        before = answered[next]
      ) {
        highest = Math.max(highest, before.seq);
        next += 1;
      }
      if (seq < highest)
        found.push(
          violation('G3', `${stream.name}: ${message.key} has seq ${seq}, sent after ${highest} was acknowledged`),
        );
    }
    return found;
  });
}

/**
 * In the order of the outbox. Not held against the server: a message that it refused when a later one was on
 * its way already, as happens to a client that does not wait for answers; and one that its sender gave up while
 * the outcome of an earlier sending was unknown: that one may be under way still.
 */
export function checkSenderOrder({ byStream }: Facts): Violation[] {
  return [...byStream.values()].flatMap((stream) => {
    const ofSenders = Map.groupBy(
      placedOf(stream).filter(({ message }) => message.via === 'outbox'),
      ({ message }) => message.sender,
    );
    return [...ofSenders.values()].flatMap((own) => {
      const inOrder = own.toSorted((a, b) => (a.message.n ?? 0) - (b.message.n ?? 0));
      return inOrder.flatMap(({ message, seq }, index) => {
        const before = inOrder
          .slice(Math.max(0, index - lookBack), index)
          .find((earlier) => earlier.seq > seq && isHeldAgainst(earlier.message, message));
        if (before === undefined) return [];
        return [violation('G4', `${stream.name}: ${message.key} stands before ${before.message.key}`)];
      });
    });
  });
}

/** Further apart no outbox of the workload has two messages on their way. */
const lookBack = 50;

function isHeldAgainst({ sendings, refusals }: Message, later: Message): boolean {
  const wasOvertaken = refusals.some(({ at }) => at > later.firstSentAt);
  const wasGivenUpUnknown = sendings > refusals.length && refusals.some(({ gaveUp }) => gaveUp);
  return !wasOvertaken && !wasGivenUpUnknown;
}

export function checkDoubled({ byStream }: Facts): Violation[] {
  return [...byStream.values()].flatMap((stream) =>
    [...stream.byKey].flatMap(([key, entries]) => {
      if (entries.length < 2) return [];
      const guarantee = stream.messages.get(key)?.via === 'broadcast' ? 'G13' : 'G5';
      return [violation(guarantee, `${stream.name}: ${key} is there ${entries.length} times`)];
    }),
  );
}

/**
 * Refused with a code that says that nothing was done, each time it was sent. A refusal says nothing of an
 * earlier sending that was lost with its connection: that one may have been stored.
 */
export function checkHalfDone({ byStream }: Facts): Violation[] {
  return [...byStream.values()].flatMap((stream) =>
    [...stream.messages.values()].flatMap(({ key, sendings, refusals, firstAnswer }) => {
      const isRefused = sendings === refusals.length && refusals.every(({ code }) => nothingDone.has(code));
      if (!isRefused || firstAnswer !== undefined || !stream.byKey.has(key)) return [];
      return [violation('G15', `${stream.name}: ${key} was refused and is in the log all the same`)];
    }),
  );
}

/** docs/errors.md: "Nothing was done." */
const nothingDone: ReadonlySet<string> = new Set(['rate_limited', 'overloaded']);

/**
 * A drain that is cut off when its time is over, as it has to be, on a machine that has too much to do: its
 * losses are checked as of any other.
 */
export function checkDrains({ stops, slow }: Facts): Violation[] {
  return stops.flatMap(({ how, code, beganAt, endedAt }) => {
    if (how !== 'drain' || code === 0) return [];
    if (code === cutOff && slow.some(({ from, to }) => from <= endedAt && to >= beganAt)) return [];
    return [violation('G16', `a drain ended with ${code ?? 'a signal'}`)];
  });
}

/** docs/operations.md: stopped before the drain was done. */
const cutOff = 1;

/** Messages that stand in the log once. */
function placedOf(stream: StreamFacts): { message: Message; seq: number }[] {
  return [...stream.messages.values()].flatMap((message) => {
    const [entry, second] = stream.byKey.get(message.key) ?? [];
    return entry === undefined || second !== undefined ? [] : [{ message, seq: entry.seq }];
  });
}
