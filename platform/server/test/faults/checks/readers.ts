// Checks the events that applications were handed: G6 (each once, in order, or a gap said), G7 (a client that
// came back has all), G8 (a live client has it within 10 s).

import { nameOf, type Facts, type StreamFacts } from '../facts.ts';
import type { EventOf, LogEntry, ReaderRecord } from '../history.ts';
import { violation, type Violation } from '../violation.ts';

/** G8's 10 s, and what a busy machine may add before this process sees what has arrived. */
const mostDelayMs = 10_000;
const slackMs = 1500;

export function checkReaders(facts: Facts): Violation[] {
  const released = Map.groupBy(facts.all('released'), (event) => `${nameOf(event)} ${event.reader}`);
  const gaps = Map.groupBy(facts.all('gap'), (event) => `${nameOf(event)} ${event.reader}`);
  const lives = livesOf(facts);
  return facts.readers.flatMap((reader) =>
    [...facts.byStream.values()]
      .filter(({ app, members }) => app === reader.app && members.includes(reader.user))
      .flatMap((stream) => {
        const key = `${stream.name} ${reader.reader}`;
        const view = {
          reader,
          stream,
          released: released.get(key) ?? [],
          gaps: gaps.get(key) ?? [],
          expected: stream.log.filter(({ mobileOnly }) => mobileOnly !== true || reader.deviceType === 'mobile'),
          lives: lives.get(`${reader.app} ${reader.reader}`) ?? [],
        };
        return [...checkOrder(view), ...checkTail(view, facts.endedAt), ...checkDelay(view, facts)];
      }),
  );
}

interface View {
  reader: ReaderRecord;
  stream: StreamFacts;
  released: readonly EventOf<'released'>[];
  gaps: readonly EventOf<'gap'>[];
  /** The messages for this client. */
  expected: readonly LogEntry[];
  lives: readonly Life[];
}

/** From when it was connected to when it no longer was, or stopped reading. */
interface Life {
  from: number;
  to: number;
}

function checkOrder({ reader, stream, released, gaps, expected }: View): Violation[] {
  const at = `${stream.name}: ${reader.reader}`;
  const wanted = new Set(expected.map(({ seq }) => seq));
  const found: Violation[] = [];
  let last = 0;
  for (const { seq } of released) {
    if (seq <= last) found.push(violation('G6', `${at} was handed ${seq} after ${last}`));
    for (let missing = last + 1; missing < seq; missing += 1) {
      if (wanted.has(missing) && !isGap(gaps, missing))
        found.push(violation('G6', `${at} was handed ${seq} without ${missing}`));
    }
    last = Math.max(last, seq);
  }
  return found;
}

/**
 * Of a client that is up at the end. Messages before its last connect are the resume's to bring, the rest
 * came while it was live.
 */
function checkTail({ reader, stream, released, gaps, expected, lives }: View, endedAt: number): Violation[] {
  if (!reader.isUpAtEnd) return [];
  const last = released.reduce((highest, { seq }) => Math.max(highest, seq), 0);
  const missing = expected.find(({ seq }) => seq > last && !isGap(gaps, seq));
  if (missing === undefined) return [];
  const openedAt = lives.at(-1)?.from ?? endedAt;
  const storedAt = stream.messages.get(missing.key)?.firstAnswer?.at ?? 0;
  const guarantee = storedAt > openedAt ? 'G8' : 'G7';
  return [violation(guarantee, `${stream.name}: ${reader.reader} never got ${missing.seq} (${missing.key})`)];
}

function checkDelay({ reader, stream, released, lives }: View, { endedAt, slow }: Facts): Violation[] {
  return released.flatMap(({ seq, key, at }) => {
    const storedAt = stream.messages.get(key)?.firstAnswer?.at;
    if (storedAt === undefined || at - storedAt <= mostDelayMs + slackMs) return [];
    const wasLive = lives.some(
      ({ from, to }) => from <= storedAt && Math.min(to, endedAt) >= storedAt + mostDelayMs + slackMs,
    );
    if (!wasLive || slow.some(({ from, to }) => from <= at && to >= storedAt)) return [];
    return [violation('G8', `${stream.name}: ${reader.reader} got ${seq} after ${Math.round(at - storedAt)} ms`)];
  });
}

function isGap(gaps: readonly EventOf<'gap'>[], seq: number): boolean {
  return gaps.some(({ from, to }) => seq >= from && seq <= to);
}

function livesOf({ events }: Facts): Map<string, Life[]> {
  const lives = new Map<string, Life[]>();
  for (const event of events) {
    if (event.type !== 'opened' && event.type !== 'closed' && event.type !== 'stalled' && event.type !== 'unstalled')
      continue;
    const name = `${event.app} ${event.reader}`;
    const own = lives.get(name) ?? [];
    lives.set(name, own);
    const last = own.at(-1);
    if (event.type === 'opened' || event.type === 'unstalled') own.push({ from: event.at, to: Infinity });
    else if (last !== undefined) last.to = Math.min(last.to, event.at);
  }
  return lives;
}
