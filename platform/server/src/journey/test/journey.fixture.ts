// A store, clock and log for the tests of this folder, and facts of one message to bob and dave.
import { deliveryPolicySchema, journeySchema, type Journey } from '@belfry/protocol';
import { asAppId } from '../../ports/app-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Fact } from '../../ports/facts.ts';
import type { AckedRange, MessageAcked, MessageCaughtUp, MessageSent, PushFact } from '../../ports/message-facts.ts';
import type { Log } from '../../ports/log.ts';
import { memoryJourneyIndex } from '../../drivers/stores/memory/journey-index.ts';
import type { JourneyListing, JourneyRow, JourneyStore, StoredMessage } from '../../ports/stores/index.ts';
import { InProcessFacts } from '../../telemetry/facts.ts';
import { followFacts } from '../follow-facts.ts';
import { JourneyFolding } from '../folding.ts';
import { JourneyIndexer } from '../indexer.ts';
import { createJourneyReader } from '../reader.ts';
import { JourneyRecorder } from '../recorder.ts';

export const app = asAppId('demo');
export const id = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const t0 = Date.parse('2026-01-01T00:00:00.000Z');
export const at = (ms: number) => new Date(t0 + ms).toISOString();

function fakeStore() {
  const rows: JourneyRow[] = [];
  const store: Omit<JourneyStore, 'erase'> & { rows: JourneyRow[]; away: boolean; appends: number } = {
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
  const write = (level: string) => (msg: string) => void lines.push(`${level} ${msg}`);
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
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

export function setUp(options: { maxFacts?: number; messages?: StoredMessage[] } = {}) {
  const store = fakeStore();
  const clock = still();
  const { lines, dropped, log, metrics } = ears();
  const surroundings = { clock, log, metrics };
  const kept = options.messages ?? [];
  const messages = {
    byId: async () => kept,
    read: async (_app: unknown, stream: string, { afterSeq = 0, beforeSeq = Infinity, limit = 100 }) =>
      kept
        .filter((each) => each.stream === stream && afterSeq < each.seq && each.seq < beforeSeq)
        .toSorted((a, b) => b.seq - a.seq)
        .slice(0, limit),
  };
  const folding = new JourneyFolding({ store, messages });
  const index = memoryJourneyIndex();
  const put = async (...given: Parameters<typeof index.put>) => {
    if (store.away) throw new Error('away');
    index.put(...given);
  };
  const indexer = new JourneyIndexer({ store: { put }, folding, messages, surroundings });
  const recorder = new JourneyRecorder({ store, indexer, surroundings, ...options });
  const facts = new InProcessFacts({ surroundings });
  const followed = followFacts(facts, recorder);
  const reader = createJourneyReader({
    folding,
    async flush() {
      await followed.flush();
      await recorder.flush();
    },
  });
  /** As the index has it once all is written. */
  const listed = async (listing: Partial<JourneyListing> = {}) => {
    await facts.flush();
    await recorder.flush();
    await indexer.flush();
    return index.list(app, { limit: 100, scan: 1000, ...listing }).items;
  };
  const record = (...given: readonly Fact[]): void => given.forEach((fact) => facts.record(app, fact));
  const read = async (messageId = id(1)): Promise<Journey> => journeySchema.parse(await reader.read(app, messageId));
  return { store, clock, lines, dropped, recorder, reader, record, read, listed, indexer, index };
}

export const plan: MessageSent = {
  type: 'message.sent',
  atMs: t0 + 4,
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
  policy: deliveryPolicySchema.parse({}),
  recipients: [
    {
      userId: 'bob',
      realtime: [{ connectionId: id(11), deviceType: 'desktop', page: '/chat', reason: 'sent', sentAtMs: t0 + 3 }],
      push: [{ deviceId: id(21), provider: 'hook', deviceType: 'mobile', reason: 'waiting_for_ack', afterMs: 5000 }],
    },
    { userId: 'dave', realtime: [], reason: 'no_connection', push: [], pushReason: 'no_device' },
  ],
};
export const ack: AckedRange = {
  stream: 'c:c1',
  userId: 'bob',
  connectionId: id(11),
  from: 4,
  to: 6,
  visible: true,
  atMs: t0 + 10,
};
export const acked = (...ranges: AckedRange[]): MessageAcked => ({
  type: 'message.acked',
  atMs: t0 + 200,
  acked: ranges,
});
export const caughtUp: MessageCaughtUp = {
  type: 'message.caught_up',
  atMs: t0 + 50,
  stream: 'c:c1',
  from: 4,
  to: 6,
  userId: 'bob',
  connectionId: id(11),
  deviceType: 'desktop',
  page: '/chat',
};
export const push: PushFact = {
  type: 'push.queued',
  messageId: id(1),
  stream: 'c:c1',
  seq: 5,
  userId: 'bob',
  deviceId: id(21),
  reason: 'queued',
  atMs: t0 + 5000,
};
