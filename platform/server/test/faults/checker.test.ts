// The checker checked: it finds nothing in a history in which all was kept, and exactly the promise that a
// planted fault breaks.

import { describe, expect, test } from 'vitest';
import { brokenGuarantees, findViolations } from './checker.ts';
import { dropEvents, goodHistory, idOf, keyOf, logOf, postOf, swapInLog, type Draft } from './planted.ts';
import { guarantees, type Guarantee } from './violation.ts';

const app = 'demo';
const stream = 'c:c1';

interface Planted {
  guarantee: Guarantee;
  what: string;
  plant(history: Draft): void;
}

const planted: readonly Planted[] = [
  {
    guarantee: 'G1',
    what: 'an acknowledged message is not in the log after a kill',
    plant(history) {
      loseLast(history, 11, 4600);
    },
  },
  {
    guarantee: 'G1',
    what: 'an acknowledged message is not in the log and nothing was stopped',
    plant(history) {
      loseLast(history, 11, 20_000);
    },
  },
  {
    guarantee: 'G2',
    what: 'a seq is left out',
    plant(history) {
      const log = logOf(history);
      const last = log.pop();
      if (last === undefined) return;
      log.push({ ...last, seq: 11 });
      history.events = history.events.map((event) =>
        'seq' in event && event.stream === stream && event.seq === 10 ? { ...event, seq: 11 } : event,
      );
    },
  },
  {
    guarantee: 'G2',
    what: 'a reader received another message under a seq',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'released' && event.reader === 'frank-1' && event.seq === 5
          ? { ...event, key: keyOf(7), messageId: idOf(7) }
          : event,
      );
    },
  },
  {
    guarantee: 'G2',
    what: 'a sender was answered with another seq than the log has',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'answered' && event.key === keyOf(4) && event.duplicate ? { ...event, seq: 6 } : event,
      );
    },
  },
  {
    guarantee: 'G3',
    what: 'what was sent after an acknowledgement has the lower seq',
    plant: (history) => swapInLog(history, 3, 4),
  },
  {
    guarantee: 'G4',
    what: 'two messages of one sender changed places',
    plant(history) {
      sendTogether(history);
      swapInLog(history, 3, 5);
    },
  },
  {
    guarantee: 'G5',
    what: 'a message that was sent twice is there twice',
    plant(history) {
      addEntry(history, { seq: 11, key: keyOf(4), messageId: 'm-again' });
    },
  },
  {
    guarantee: 'G6',
    what: 'an application was handed a message twice',
    plant(history) {
      const twice = history.events.find((event) => event.type === 'released' && event.seq === 6);
      if (twice !== undefined) history.events.push({ ...twice, at: 10_500 });
    },
  },
  {
    guarantee: 'G6',
    what: 'an application was handed a message without the one before it',
    plant: (history) =>
      dropEvents(history, (event) => event.type === 'released' && event.reader === 'frank-1' && event.seq === 6),
  },
  {
    guarantee: 'G7',
    what: 'a client that came back never got the last ones',
    plant(history) {
      dropEvents(history, (event) => event.type === 'released' && event.reader === 'frank-1' && event.seq === 10);
      history.events.push(
        { type: 'closed', app, reader: 'frank-1', at: 9900 },
        { type: 'opened', app, reader: 'frank-1', at: 12_000 },
      );
    },
  },
  {
    guarantee: 'G8',
    what: 'a live client got a message after twelve seconds',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'released' && event.reader === 'frank-1' && event.seq === 10 ? { ...event, at: 22_100 } : event,
      );
    },
  },
  {
    guarantee: 'G8',
    what: 'a live client never got the last message',
    plant: (history) =>
      dropEvents(history, (event) => event.type === 'released' && event.reader === 'frank-1' && event.seq === 10),
  },
  {
    guarantee: 'G10',
    what: 'a user who is away was never notified of the last message',
    plant: (history) => dropEvents(history, (event) => event.type === 'posted' && event.seq === 10),
  },
  {
    guarantee: 'G10',
    what: 'the provider never took the push of the last message',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'posted' && event.seq === 10 ? { ...event, outcome: 'failed' } : event,
      );
    },
  },
  {
    guarantee: 'G10',
    what: 'a push came long after its wait though nothing was broken',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'posted' && event.seq >= 7 && event.seq <= 10
          ? { ...event, at: 30_000 + event.seq, count: event.seq }
          : event,
      );
      dropEvents(history, (event) => event.type === 'stopping' && event.how === 'drain');
    },
  },
  {
    guarantee: 'G11',
    what: 'a phone was notified of a message that its user had acknowledged',
    plant(history) {
      history.events.push({ ...postOf('carol', 10, 20_000), count: 1, messageIds: [idOf(10)] });
    },
  },
  {
    guarantee: 'G11',
    what: 'a phone was notified of a message that was acknowledged before a store was away and back',
    plant(history) {
      addOutage(history, 11_000, 12_000);
      history.events.push({ ...postOf('carol', 10, 20_000), count: 1, messageIds: [idOf(10)] });
    },
  },
  {
    guarantee: 'G12',
    what: 'one message was shown under two keys',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'posted' && event.seq === 9 ? { ...event, collapseKey: 'key-new' } : event,
      );
    },
  },
  {
    guarantee: 'G12',
    what: 'a count went back though nothing was acknowledged',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'posted' && event.seq === 10 ? { ...event, count: 3 } : event,
      );
    },
  },
  {
    guarantee: 'G13',
    what: 'a broadcast that was asked for twice is in an inbox twice',
    plant(history) {
      const entry = { seq: 3, messageId: 'notice-3', key: 'demo/broadcast/2' };
      history.streams[1]?.log.push(entry);
      history.events.push(
        { type: 'released', app, stream: 'i:carol', reader: 'carol-1', ...entry, at: 11_000 },
        { type: 'ack_sent', app, stream: 'i:carol', user: 'carol', seq: 3, holds: true, at: 11_010 },
      );
    },
  },
  {
    guarantee: 'G14',
    what: 'a client was handed a message of another app',
    plant(history) {
      history.events.push({
        ...{ type: 'released', app, stream: 'i:carol', reader: 'carol-1', seq: 3, messageId: 'other-1' },
        ...{ key: 'other/c1/erin/1', at: 11_000 },
      });
    },
  },
  {
    guarantee: 'G14',
    what: 'a phone was notified of a message of another app',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'posted' && event.seq === 10
          ? { ...event, messageIds: [...event.messageIds, 'other-1'] }
          : event,
      );
    },
  },
  {
    guarantee: 'G15',
    what: 'what was refused for want of room is there all the same',
    plant(history) {
      const key = 'demo/c1/eve/1';
      history.events.push(
        { type: 'sent', app, stream, sender: 'eve', n: 1, key, via: 'outbox', at: 11_000 },
        { type: 'refused', app, stream, key, code: 'overloaded', gaveUp: true, at: 11_010 },
      );
      addEntry(history, { seq: 11, key, messageId: 'm-11' });
    },
  },
  {
    guarantee: 'G16',
    what: 'an acknowledged message is not in the log after a drain',
    plant: (history) => loseLast(history, 11, 8450),
  },
  {
    guarantee: 'G16',
    what: 'a drain did not come to its end',
    plant(history) {
      history.events = history.events.map((event) =>
        event.type === 'stopped' && event.how === 'drain' ? { ...event, code: 1 } : event,
      );
    },
  },
];

/** An acknowledged message of a sender of its own that nobody was handed and no log has. */
function loseLast(history: Draft, seq: number, at: number): void {
  const place = { app, stream, key: 'demo/c1/eve/1' };
  history.events.push(
    { type: 'sent', ...place, sender: 'eve', n: 1, via: 'outbox', at },
    { type: 'answered', ...place, messageId: 'm-lost', seq, duplicate: false, at: at + 10 },
  );
}

/** One more in the log, which everybody was handed. */
function addEntry(history: Draft, entry: { seq: number; key: string; messageId: string }): void {
  logOf(history).push({ sender: 'bob', ...entry });
  for (const [reader, user] of [
    ['carol-1', 'carol'],
    ['frank-1', 'frank'],
  ] as const) {
    history.events.push(
      { type: 'released', app, stream, reader, ...entry, at: 11_020 },
      { type: 'ack_sent', app, stream, user, seq: entry.seq, holds: true, at: 11_030 },
    );
  }
  const post = postOf('dave', entry.seq, 11_050);
  history.events.push({ ...post, messageIds: [...post.messageIds.slice(0, -1), entry.messageId] });
}

function addOutage(history: Draft, from: number, to: number): void {
  history.events.push({ type: 'trouble', is: 'begun', at: from }, { type: 'trouble', is: 'over', at: to });
}

/** 3 to 5 are sent before any of them is acknowledged, so that no real time is in it. */
function sendTogether(history: Draft): void {
  const keys = [keyOf(4), keyOf(5)];
  history.events = history.events.map((event) =>
    event.type === 'sent' && keys.includes(event.key) ? { ...event, at: 3005 } : event,
  );
}

test('a history in which all was kept has nothing to find', () => {
  expect(findViolations(goodHistory())).toEqual([]);
});

describe('a planted fault is found, and no other', () => {
  test.each(planted)('$guarantee: $what', ({ guarantee, plant }) => {
    const history = goodHistory();
    plant(history);
    expect(brokenGuarantees(findViolations(history))).toEqual([guarantee]);
  });

  test('there is a planted fault for every guarantee that is checked', () => {
    expect(new Set(planted.map(({ guarantee }) => guarantee))).toEqual(new Set(guarantees));
  });
});

describe('no fault is found in', () => {
  test('a message that was refused for want of room and is not there', () => {
    const history = goodHistory();
    const place = { app, stream, key: 'demo/c1/eve/1' };
    history.events.push(
      { type: 'sent', ...place, sender: 'eve', n: 1, via: 'outbox', at: 11_000 },
      { type: 'refused', ...place, code: 'overloaded', gaveUp: true, at: 11_010 },
    );
    expect(findViolations(history)).toEqual([]);
  });

  test('a message that was lost with its connection, is there, and was refused when it was sent again', () => {
    const history = goodHistory();
    const place = { app, stream, key: 'demo/c1/eve/1' };
    const sent = { type: 'sent', ...place, sender: 'eve', n: 1, via: 'outbox' } as const;
    history.events.push({ ...sent, at: 10_900 }, { ...sent, at: 11_000 });
    history.events.push({ type: 'refused', ...place, code: 'rate_limited', gaveUp: true, at: 11_010 });
    addEntry(history, { seq: 11, key: place.key, messageId: 'm-11' });
    expect(findViolations(history)).toEqual([]);
  });

  test('messages that came late to all while the machine was too busy to answer', () => {
    const history = goodHistory();
    history.events = history.events.map((event) =>
      event.type === 'posted' ? { ...event, at: event.at + 12_000 } : event,
    );
    history.events = history.events.map((event) =>
      event.type === 'released' && event.seq === 10 ? { ...event, at: event.at + 12_000 } : event,
    );
    history.endedAt += 20_000;
    expect(brokenGuarantees(findViolations(history))).not.toEqual([]);
    const place = { app, stream, key: keyOf(10) };
    history.events = history.events.filter((event) => event.type !== 'answered' || event.key !== keyOf(10));
    history.events.push({ type: 'answered', ...place, messageId: idOf(10), seq: 10, duplicate: false, at: 21_000 });
    expect(findViolations(history)).toEqual([]);
  });

  test('a gap that was said', () => {
    const history = goodHistory();
    dropEvents(history, (event) => event.type === 'released' && event.reader === 'frank-1' && event.seq < 6);
    history.events.push({ type: 'gap', app, stream, reader: 'frank-1', from: 1, to: 5, at: 5500 });
    expect(findViolations(history)).toEqual([]);
  });

  test('a push that crosses an acknowledgement within the window of the race', () => {
    const history = goodHistory();
    history.events.push({ ...postOf('carol', 10, 12_000), count: 1, messageIds: [idOf(10)] });
    expect(findViolations(history)).toEqual([]);
  });

  test('a push of a message that was acknowledged just before a kill, which may have taken the acknowledgement', () => {
    const history = goodHistory();
    dropEvents(history, (event) => event.type === 'ack_answered' && event.user === 'carol' && event.seq > 4);
    history.events.push({ ...postOf('carol', 4, 10_000), count: 1, messageIds: [idOf(4)] });
    history.events = history.events.map((event) =>
      event.type === 'ack_answered' && event.user === 'carol' && event.seq === 4 ? { ...event, at: 4650 } : event,
    );
    expect(findViolations(history)).toEqual([]);
  });

  test('a push of a message that was acknowledged while the store was away, which keeps the acknowledgement waiting', () => {
    const history = goodHistory();
    addOutage(history, 10_000, 20_000);
    history.events.push({ ...postOf('carol', 10, 20_500), count: 1, messageIds: [idOf(10)] });
    expect(findViolations(history)).toEqual([]);
  });

  test('a count of the newest 200 up to where the claim reaches, over a message of the user themselves', () => {
    const history = goodHistory();
    for (let seq = 11; seq <= 210; seq += 1)
      logOf(history).push({ seq, key: keyOf(seq), messageId: idOf(seq), sender: seq === 210 ? 'dave' : 'bob' });
    history.events.push({ ...postOf('dave', 209, 30_000), count: 199 });
    expect(findViolations(history).filter(({ guarantee }) => guarantee === 'G12')).toEqual([]);
  });

  test('a message that was given up while an earlier sending was under way, and was stored behind the next', () => {
    const history = goodHistory();
    const first = { app, stream, key: 'demo/c1/eve/1' };
    const next = { app, stream, key: 'demo/c1/eve/2' };
    const sent = { type: 'sent', sender: 'eve', via: 'outbox' } as const;
    history.events.push(
      { ...sent, ...first, n: 1, at: 10_900 },
      { ...sent, ...first, n: 1, at: 11_000 },
      { type: 'refused', ...first, code: 'rate_limited', gaveUp: true, at: 11_010 },
      { ...sent, ...next, n: 2, at: 11_020 },
    );
    addEntry(history, { seq: 11, key: 'demo/c1/eve/2', messageId: 'm-11' });
    addEntry(history, { seq: 12, key: 'demo/c1/eve/1', messageId: 'm-12' });
    expect(findViolations(history)).toEqual([]);
  });

  test('a message that was overtaken while it was refused', () => {
    const history = goodHistory();
    sendTogether(history);
    swapInLog(history, 3, 5);
    history.events.push({ type: 'refused', app, stream, key: keyOf(3), code: 'overloaded', gaveUp: false, at: 3008 });
    expect(findViolations(history)).toEqual([]);
  });
});
