import { setImmediate } from 'node:timers/promises';
import { journeySchema, type Journey } from '@belfry/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { JourneyRow, JourneyStore, StoredMessage } from '../ports/stores/index.ts';
import type { AckFact, JourneyPlan, PushFact } from './facts.ts';
import { createJourneyReader } from './reader.ts';
import { createJourneyRecorder } from './recorder.ts';
import { createJourneyRetention } from './retention.ts';

const app = asAppId('demo');
const id = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const t0 = Date.parse('2026-01-01T00:00:00.000Z');
const at = (ms: number) => new Date(t0 + ms).toISOString();

function fakeStore() {
  const rows: JourneyRow[] = [];
  const store: JourneyStore & { rows: JourneyRow[]; away: boolean; appends: number } = {
    rows,
    away: false,
    appends: 0,
    async append(_app, given) {
      store.appends += 1;
      if (store.away) throw new Error('away');
      // As a driver does: only JSON comes back.
      rows.push(...(JSON.parse(JSON.stringify(given)) as JourneyRow[]));
    },
    read: async (_app, about) =>
      rows
        .filter(
          ({ messageId, range }) =>
            messageId === about.messageId ||
            about.at.some(({ stream, seq }) => range?.stream === stream && range.from <= seq && seq <= range.to),
        )
        .toSorted((a, b) => a.at - b.at),
    async prune(_app, beforeMs, limit) {
      const old = rows.filter((row) => row.at < beforeMs).slice(0, limit);
      for (const row of old) rows.splice(rows.indexOf(row), 1);
      return old.length;
    },
  };
  return store;
}

function still(): Clock & { advance(ms: number): void } {
  let due: { at: number; run: () => void }[] = [];
  let now = t0;
  return {
    now: () => now,
    monotonic: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      due.push(timer);
      return { cancel: () => (due = due.filter((each) => each !== timer)) };
    },
    advance(ms) {
      now += ms;
      const ready = due.filter((each) => each.at <= now);
      due = due.filter((each) => each.at > now);
      for (const { run } of ready) run();
    },
  };
}

function ears() {
  const lines: string[] = [];
  const dropped: number[] = [];
  const note = (level: string) => (msg: string) => void lines.push(`${level} ${msg}`);
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: () => log,
    isDebug: () => false,
  };
  const metrics = {
    count: (_name: string, labels: readonly string[] = [], by = 1) => {
      if (labels[0] === 'dropped') dropped.push(by);
    },
    observe: () => undefined,
    set: () => undefined,
    onCollect: () => undefined,
  };
  return { lines, dropped, log, metrics };
}

function setUp(options: { maxFacts?: number; messages?: StoredMessage[] } = {}) {
  const store = fakeStore();
  const clock = still();
  const { lines, dropped, log, metrics } = ears();
  const recorder = createJourneyRecorder({ store, clock, log, metrics, ...options });
  const reader = createJourneyReader({ store, recorder, messages: { byId: async () => options.messages ?? [] } });
  const read = async (messageId = id(1)): Promise<Journey> => journeySchema.parse(await reader.read(app, messageId));
  return { store, clock, lines, dropped, recorder, reader, read };
}

const plan: JourneyPlan = {
  messageId: id(1),
  kind: 'message',
  action: 'new_message',
  conversationId: 'c1',
  stream: 'c:c1',
  seq: 5,
  senderId: 'alice',
  acceptedAtMs: t0,
  storedAtMs: t0 + 2,
  recipientCount: 2,
  counts: { sent: 1, waiting_for_ack: 1, no_connection: 1, no_device: 1 },
  recipients: [
    {
      userId: 'bob',
      realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/chat', reason: 'sent', sentAtMs: t0 + 3 }],
      push: [{ deviceId: id(21), provider: 'hook', deviceType: 'mobile', reason: 'waiting_for_ack', afterMs: 5000 }],
    },
    { userId: 'dave', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
  ],
};
const ack: AckFact = {
  stream: 'c:c1',
  userId: 'bob',
  connectionId: id(11),
  from: 4,
  to: 6,
  visible: true,
  atMs: t0 + 10,
};
const push: PushFact = {
  messageId: id(1),
  stream: 'c:c1',
  seq: 5,
  userId: 'bob',
  deviceId: id(21),
  reason: 'queued',
  atMs: t0 + 5000,
};

describe('a journey', () => {
  let world: ReturnType<typeof setUp>;
  beforeEach(() => {
    world = setUp();
    world.recorder.planned(app, plan);
  });

  it('is there as soon as the message was planned', async () => {
    expect(await world.read()).toEqual({
      message: {
        id: id(1),
        kind: 'message',
        conversationId: 'c1',
        stream: 'c:c1',
        seq: 5,
        senderId: 'alice',
        acceptedAt: at(0),
        storedAt: at(2),
      },
      recipients: [
        {
          userId: 'bob',
          realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/chat', reason: 'sent', sentAt: at(3) }],
          push: [
            {
              deviceId: id(21),
              provider: 'hook',
              deviceType: 'mobile',
              reason: 'waiting_for_ack',
              steps: [{ at: at(2), reason: 'waiting_for_ack' }],
              attempts: [],
            },
          ],
        },
        { userId: 'dave', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
      ],
      counts: { sent: 1, waiting_for_ack: 1, no_connection: 1, no_device: 1 },
    });
  });

  it('shows an acknowledgement and the push that it cancelled', async () => {
    const { deviceId: _, ...ofUser } = push;
    world.recorder.acked(app, [ack]);
    world.recorder.push(app, { ...ofUser, reason: 'cancelled_acked' });
    const journey = await world.read();
    expect(journey.recipients[0]).toMatchObject({
      realtime: [{ reason: 'acked', sentAt: at(3), ackedAt: at(10) }],
      push: [
        {
          reason: 'cancelled_acked',
          steps: [
            { at: at(2), reason: 'waiting_for_ack' },
            { at: at(5000), reason: 'cancelled_acked' },
          ],
        },
      ],
    });
    expect(journey.counts).toEqual({ acked: 1, cancelled_acked: 1, no_connection: 1, no_device: 1 });
  });

  it('takes no notice of acknowledgements of other messages, streams and people', async () => {
    world.recorder.acked(app, [
      { ...ack, from: 1, to: 4 },
      { ...ack, from: 6, to: 9 },
      { ...ack, stream: 'c:c2' },
      { ...ack, userId: 'mallory', connectionId: id(99), deviceType: 'mobile' },
    ]);
    expect((await world.read()).counts).toMatchObject({ sent: 1 });
  });

  it('lets a hidden acknowledgement become a seen one, and not the other way round', async () => {
    world.recorder.acked(app, [{ ...ack, visible: false }]);
    expect((await world.read()).recipients[0]?.realtime[0]).toMatchObject({ reason: 'acked_hidden', ackedAt: at(10) });
    world.recorder.acked(app, [{ ...ack, atMs: t0 + 20 }]);
    world.recorder.acked(app, [{ ...ack, visible: false, atMs: t0 + 30 }]);
    expect((await world.read()).recipients[0]?.realtime[0]).toMatchObject({ reason: 'acked', ackedAt: at(20) });
  });

  it('does not call acknowledged what a connection was never sent', async () => {
    world.recorder.planned(app, {
      ...plan,
      messageId: id(2),
      recipients: [
        {
          userId: 'bob',
          push: [],
          realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/admin', reason: 'feature_off_on_page' }],
        },
      ],
    });
    world.recorder.acked(app, [ack]);
    expect((await world.read(id(2))).counts).toEqual({ feature_off_on_page: 1 });
  });

  it('shows a connection that came later and caught up', async () => {
    world.recorder.acked(app, [
      { ...ack, userId: 'dave', connectionId: id(12), visible: false, deviceType: 'mobile', page: '/chat' },
    ]);
    const [, dave] = (await world.read()).recipients;
    expect(dave).toEqual({
      userId: 'dave',
      realtime: [{ connectionId: id(12), deviceType: 'mobile', page: '/chat', reason: 'acked', ackedAt: at(10) }],
      push: [],
      pushReason: 'no_device',
    });
  });

  it('lists each attempt with what the provider said', async () => {
    world.recorder.push(app, [
      push,
      {
        ...push,
        reason: 'retrying',
        atMs: t0 + 5100,
        attempt: { number: 1, ms: 80, outcome: 'retry', detail: '503' },
      },
      {
        ...push,
        reason: 'accepted_by_provider',
        atMs: t0 + 6100,
        attempt: { number: 2, ms: 40, outcome: 'accepted', providerMessageId: 'p-1' },
      },
    ]);
    const device = (await world.read()).recipients[0]?.push[0];
    expect(device?.reason).toBe('accepted_by_provider');
    expect(device?.steps.map(({ reason }) => reason)).toEqual([
      'waiting_for_ack',
      'queued',
      'retrying',
      'accepted_by_provider',
    ]);
    expect(device?.attempts).toEqual([
      { at: at(5100), outcome: 'retry', durationMs: 80, answer: '503' },
      { at: at(6100), outcome: 'accepted', durationMs: 40, providerMessageId: 'p-1' },
    ]);
  });

  it('keeps a push that was handed over when the message is read afterwards', async () => {
    world.recorder.push(app, { ...push, reason: 'accepted_by_provider' });
    world.recorder.push(app, { ...push, reason: 'cancelled_read', atMs: t0 + 9000 });
    expect((await world.read()).recipients[0]?.push[0]?.reason).toBe('accepted_by_provider');
  });

  it('tells the messages that one notification stands for apart', async () => {
    for (const n of [2, 3]) world.recorder.planned(app, { ...plan, messageId: id(n), seq: 4 + n });
    world.recorder.push(app, { ...push, through: 7 });
    world.recorder.push(app, { ...push, through: 7, reason: 'accepted_by_provider', atMs: t0 + 5100 });
    world.recorder.push(app, {
      ...push,
      messageId: id(3),
      seq: 7,
      reason: 'collapsed_into',
      collapsedInto: 7,
      atMs: t0 + 6000,
    });
    const devices = await Promise.all([1, 2, 3].map(async (n) => (await world.read(id(n))).recipients[0]?.push[0]));
    expect(devices.map((device) => [device?.reason, device?.seq])).toEqual([
      ['accepted_by_provider', undefined],
      ['collapsed_into', 7],
      ['accepted_by_provider', undefined],
    ]);
  });

  it('is the same when the store wrote a batch twice', async () => {
    world.recorder.acked(app, [ack]);
    world.recorder.push(app, { ...push, reason: 'retrying', attempt: { number: 1, ms: 8, outcome: 'retry' } });
    const once = await world.read();
    world.store.rows.push(...world.store.rows);
    expect(await world.read()).toEqual(once);
  });
});

describe('a journey of more recipients than are kept by name', () => {
  it('counts, and goes on counting', async () => {
    const { recorder, read } = setUp();
    const { recipients: _, ...large } = plan;
    recorder.planned(app, {
      ...large,
      recipients: undefined,
      recipientCount: 3000,
      counts: { sent: 2000, no_connection: 1000, waiting_for_ack: 2000, queued: 500, no_device: 500 },
    });
    recorder.acked(app, [
      { ...ack, visible: false },
      { ...ack, connectionId: id(12), userId: 'carol' },
      { ...ack, connectionId: id(12), userId: 'carol', atMs: t0 + 99 },
    ]);
    recorder.push(app, [
      { ...push, reason: 'accepted_by_provider' },
      { ...push, userId: 'carol', deviceId: id(22), reason: 'cancelled_acked' },
    ]);
    const { counts, recipients } = await read();
    expect(recipients).toEqual([]);
    expect(counts).toEqual({
      sent: 1998,
      acked: 1,
      acked_hidden: 1,
      no_connection: 1000,
      waiting_for_ack: 1999,
      queued: 499,
      accepted_by_provider: 1,
      cancelled_acked: 1,
      no_device: 500,
    });
  });
});

describe('a journey without a plan', () => {
  const stored: StoredMessage = {
    id: id(1),
    stream: 'i:bob',
    seq: 9,
    cid: 'x',
    bodyHash: '',
    kind: 'direct',
    action: 'direct_message',
    data: {},
    policy: {
      realtime: 'all',
      push: 'undelivered',
      pushTo: 'all',
      ttlSeconds: 1,
      priority: 'normal',
      respectPreferences: true,
    },
    storedAt: t0,
  };

  it('tells what is known from the message and from what happened since', async () => {
    const { recorder, read } = setUp({ messages: [stored] });
    recorder.acked(app, [{ ...ack, stream: 'i:bob', from: 9, to: 9, deviceType: 'desktop', page: '/chat' }]);
    const journey = await read();
    expect(journey.message).toEqual({
      id: id(1),
      kind: 'direct',
      stream: 'i:bob',
      seq: 9,
      acceptedAt: at(0),
      storedAt: at(0),
    });
    expect(journey.counts).toEqual({ acked: 1 });
  });

  it('and without a message is none', async () => {
    expect(await setUp().reader.read(app, id(1))).toBeUndefined();
  });
});

describe('the recorder', () => {
  it('writes once per 200 ms however many facts come, and acknowledgements of a stream as one row', async () => {
    const { recorder, store, clock } = setUp();
    for (let n = 0; n < 100; n += 1) recorder.acked(app, [{ ...ack, connectionId: id(n), from: n, to: n + 1 }]);
    clock.advance(199);
    expect(store.appends).toBe(0);
    clock.advance(1);
    await recorder.flush();
    expect(store.appends).toBe(1);
    expect(store.rows).toHaveLength(1);
    expect(store.rows[0]?.range).toEqual({ stream: 'c:c1', from: 0, to: 100 });
  });

  it('does not wait with 500 rows', async () => {
    const { recorder, store } = setUp();
    for (let n = 0; n < 500; n += 1) recorder.planned(app, { ...plan, messageId: id(n), recipients: [] });
    await setImmediate();
    expect(store.rows).toHaveLength(500);
  });

  it('keeps what the store does not take, in order, and says so once', async () => {
    const { recorder, store, clock, lines } = setUp();
    store.away = true;
    recorder.planned(app, plan);
    for (let round = 0; round < 3; round += 1) {
      clock.advance(5_000);
      await setImmediate();
    }
    recorder.planned(app, { ...plan, messageId: id(2), acceptedAtMs: t0 + 1 });
    expect(lines).toEqual(['warn journey is not being written']);
    store.away = false;
    clock.advance(5_000);
    await setImmediate();
    expect(store.rows.map(({ messageId }) => messageId)).toEqual([id(1), id(2)]);
    expect(lines).toEqual(['warn journey is not being written', 'info journey is being written again']);
  });

  it('drops and counts what is too much to keep, and never throws', async () => {
    const { recorder, store, dropped } = setUp({ maxFacts: 10 });
    store.away = true;
    for (let n = 0; n < 25; n += 1) recorder.acked(app, [{ ...ack, atMs: t0 + n }]);
    expect(dropped).toHaveLength(15);
    await recorder.flush();
    await recorder.stop();
    expect(dropped).toHaveLength(16);
    recorder.acked(app, [ack]);
    expect(dropped).toHaveLength(17);
  });
});

describe('retention', () => {
  it('deletes what is older than the app keeps, in bounded deletes', async () => {
    const store = fakeStore();
    const clock = still();
    for (let n = 0; n < 4_500; n += 1) store.rows.push({ messageId: id(n), type: 'plan', at: t0, body: {} });
    store.rows.push({ messageId: id(9), type: 'plan', at: t0 + 3_500_000, body: {} });
    const apps = { list: async () => [{ app, settings: { journeyRetentionMs: 1_000_000 } }] };
    const retention = createJourneyRetention({ store, apps, clock, log: ears().log });
    retention.start();
    clock.advance(3_600_000);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect(store.rows).toHaveLength(1);
    await retention.stop();
  });
});
