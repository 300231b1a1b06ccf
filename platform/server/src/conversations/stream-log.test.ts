import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createMemoryStores } from '../drivers/stores/memory/create-memory-stores.ts';
import type { AppId } from '../ports/app-id.ts';
import type { Clock } from '../ports/clock.ts';
import type { MessageStore, StoredMessage } from '../ports/stores/index.ts';
import { newApp, sampleConversation, sampleMessage } from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { StreamLog, type Draft } from './stream-log.ts';

const stream = 'c:c1';
const unused = { observe: () => {}, set: () => {}, onCollect: () => {} };

function setUp(
  given: { maxWaiting?: number; messagesOf?: (messages: MessageStore) => MessageStore; after?: Clock['after'] } = {},
) {
  const stores = createMemoryStores();
  const clock = createVirtualClock();
  const messages = given.messagesOf?.(stores.messages) ?? stores.messages;
  const metrics = { count: vi.fn() };
  const surroundings = { clock: { ...clock, after: given.after ?? clock.after }, metrics: { ...metrics, ...unused } };
  const build = () => new StreamLog({ messages, surroundings, maxWaiting: given.maxWaiting ?? 1000 });
  return { app: newApp(), stores, clock, metrics, log: build(), build };
}

function draft(cid: string, change: Partial<Draft> = {}): Draft {
  const { seq, storedAt, ...rest } = sampleMessage({ seq: 1 });
  return { ...rest, id: `id-${cid}`, cid, bodyHash: `hash-${cid}`, ...change };
}

async function seqsOf(messages: MessageStore, app: AppId): Promise<number[]> {
  return (await messages.read(app, stream, { limit: 10_000 })).map(({ seq }) => seq);
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

describe('seqs', () => {
  test('are 1 to n without holes, whoever appends what at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({ node: fc.nat(2), cid: fc.nat(12) }), { minLength: 1, maxLength: 40 }),
        async (scheduler, wanted) => {
          const { app, stores, build } = setUp({
            messagesOf: (messages) => ({
              ...messages,
              append: scheduler.scheduleFunction(messages.append),
              appendMany: scheduler.scheduleFunction(messages.appendMany),
              heads: scheduler.scheduleFunction(messages.heads),
              byCid: scheduler.scheduleFunction(messages.byCid),
            }),
            after(_ms, run) {
              void scheduler.schedule(Promise.resolve()).then(run);
              return { cancel: () => {} };
            },
          });
          const nodes = [build(), build(), build()];
          const published: number[][] = [[], [], []];
          const all = Promise.all(
            wanted.map(
              async ({ node, cid }) =>
                await nodes[node]?.append(app, draft(`c${cid}`), ({ seq }) => published[node]?.push(seq)),
            ),
          );
          await scheduler.waitFor(all);
          const distinct = new Set(wanted.map(({ cid }) => cid)).size;
          expect(await seqsOf(stores.messages, app)).toEqual(upTo(distinct));
          // Each message is published by the node that stored it, in the order of the seqs, and by no other.
          for (const seqs of published) expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
          expect(published.flat().sort((a, b) => a - b)).toEqual(upTo(distinct));
          const fresh = (await all).filter((appended) => appended?.duplicate === false);
          expect(fresh).toHaveLength(distinct);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('go on where another node has left off', async () => {
    const { app, build } = setUp();
    const [one, two] = [build(), build()];
    await one.append(app, draft('a'));
    await two.append(app, draft('b'));
    expect((await one.append(app, draft('c'))).message.seq).toBe(3);
  });

  test('begin at 1 again in a conversation that was removed and made anew, once that is known', async () => {
    const { app, stores, log } = setUp();
    await stores.conversations.create(app, sampleConversation(), []);
    await log.append(app, draft('a'));
    await log.append(app, draft('b'));
    await stores.conversations.remove(app, 'c1');
    await stores.conversations.create(app, sampleConversation(), []);
    log.forget(app, stream);
    const published = vi.fn();
    const { message } = await log.append(app, draft('c'), published);
    expect(message.seq).toBe(1);
    expect(published).toHaveBeenCalledWith(expect.objectContaining({ seq: 1 }), 'e2');
  });

  test('begin at 1 again also where the node has not heard that the conversation was made anew', async () => {
    const { app, stores, log } = setUp();
    await stores.conversations.create(app, sampleConversation(), []);
    for (const cid of ['a', 'b', 'c']) await log.append(app, draft(cid));
    await stores.conversations.remove(app, 'c1');
    await stores.conversations.create(app, sampleConversation(), []);
    const published = vi.fn();
    const { message } = await log.append(app, draft('d'), published);
    expect(message.seq).toBe(1);
    expect(published).toHaveBeenCalledWith(expect.objectContaining({ seq: 1 }), 'e2');
    expect(await seqsOf(stores.messages, app)).toEqual([1]);
  });

  test('are not taken from a head that was being read when the stream was forgotten', async () => {
    const { promise: held, resolve: answer } = Promise.withResolvers<undefined>();
    let reads = 0;
    const { app, stores, log } = setUp({
      messagesOf: (messages) => ({
        ...messages,
        async heads(...args) {
          const heads = await messages.heads(...args);
          reads += 1;
          if (reads === 1) await held;
          return heads;
        },
      }),
    });
    await stores.conversations.create(app, sampleConversation(), []);
    await stores.messages.append(app, [sampleMessage({ seq: 1 })]);
    const appending = log.append(app, draft('a'));
    await stores.conversations.remove(app, 'c1');
    log.forget(app, stream);
    answer(undefined);
    expect((await appending).message.seq).toBe(1);
  });
});

describe('a cid that comes again', () => {
  test('is answered with the first message when the content is the same', async () => {
    const { app, stores, log } = setUp();
    const published = vi.fn();
    const first = await log.append(app, draft('a'), published);
    const again = await log.append(app, draft('a', { id: 'another' }), published);
    expect(again).toEqual({ message: first.message, duplicate: true });
    expect(published).toHaveBeenCalledTimes(1);
    expect(await seqsOf(stores.messages, app)).toEqual([1]);
  });

  test('is a conflict when the content is another', async () => {
    const { app, log } = setUp();
    await log.append(app, draft('a'));
    await expect(log.append(app, draft('a', { bodyHash: 'other' }))).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  test('is found within one group as well, and costs the others of the group nothing', async () => {
    const { app, stores, log } = setUp();
    // The first is on its way when the others come, so those are one group.
    const ended = await Promise.allSettled(
      ['first', 'a', 'a', 'b', 'a'].map((cid, index) =>
        log.append(app, draft(cid, index === 4 ? { bodyHash: 'other' } : {})),
      ),
    );
    expect(ended.map((end) => (end.status === 'fulfilled' ? end.value.duplicate : end.reason.code))).toEqual([
      false,
      false,
      true,
      false,
      'idempotency_conflict',
    ]);
    expect(await seqsOf(stores.messages, app)).toEqual([1, 2, 3]);
  });

  test('of another sender is another message', async () => {
    const { app, log } = setUp();
    await log.append(app, draft('a'));
    expect((await log.append(app, draft('a', { senderId: 'bob' }))).message.seq).toBe(2);
  });
});

describe('a store that fails', () => {
  test('after it stored: the message is read back by its cid and published', async () => {
    const { app, stores, log } = setUp();
    const published = vi.fn();
    stores.fail('messages.append', 'after');
    const { message, duplicate } = await log.append(app, draft('a'), published);
    expect({ seq: message.seq, duplicate }).toEqual({ seq: 1, duplicate: false });
    expect(published).toHaveBeenCalledTimes(1);
  });

  test('before it stored: refused, and sending again stores it', async () => {
    const { app, stores, log } = setUp();
    const published = vi.fn();
    stores.fail('messages.append');
    await expect(log.append(app, draft('a'), published)).rejects.toMatchObject({ code: 'unavailable' });
    expect(published).not.toHaveBeenCalled();
    stores.fail(undefined);
    expect((await log.append(app, draft('a'))).message.seq).toBe(1);
  });

  test('and can not be asked either: refused, and sending again finds out', async () => {
    const { app, stores, log } = setUp();
    stores.fail('messages.append', 'after');
    stores.fail('messages.byCid');
    await expect(log.append(app, draft('a'))).rejects.toMatchObject({ code: 'unavailable' });
    stores.fail(undefined);
    expect(await log.append(app, draft('a'))).toMatchObject({ duplicate: true, message: { seq: 1 } });
    expect((await log.append(app, draft('b'))).message.seq).toBe(2);
  });

  test('lets nobody wait for ever', async () => {
    const { app, stores, log } = setUp();
    stores.fail('*');
    const waiting = upTo(20).map((n) => log.append(app, draft(`c${n}`)));
    const ended = await Promise.allSettled(waiting);
    expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
    stores.fail(undefined);
    expect((await log.append(app, draft('later'))).message.seq).toBe(1);
  });

  test('with an index that never agrees with its head is given up on', async () => {
    const { app, clock, log } = setUp({
      messagesOf: (messages) => ({ ...messages, append: async () => ({ inserted: 0, conflict: 'seq' as const }) }),
    });
    const appending = expect(log.append(app, draft('a'))).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(10_000);
    await appending;
  });
});

test('a message is published before its sender hears of it, in the order of the seqs', async () => {
  const { app, log } = setUp();
  const happened: string[] = [];
  const publish = ({ cid }: StoredMessage): void => void happened.push(`published ${cid}`);
  await Promise.all(
    ['a', 'b', 'c'].map(async (cid) => {
      await log.append(app, draft(cid), publish);
      happened.push(`answered ${cid}`);
    }),
  );
  for (const cid of ['a', 'b', 'c']) {
    expect(happened.indexOf(`published ${cid}`)).toBeLessThan(happened.indexOf(`answered ${cid}`));
  }
  expect(happened.filter((each) => each.startsWith('published'))).toEqual([
    'published a',
    'published b',
    'published c',
  ]);
});

test('a listener that throws does not keep the sender from being answered', async () => {
  const { app, log } = setUp();
  const broken = log.append(app, draft('a'), () => {
    throw new Error('a defect');
  });
  expect((await broken).message.seq).toBe(1);
  expect((await log.append(app, draft('b'))).message.seq).toBe(2);
});

test('more than the queue holds is refused at once', async () => {
  const { app, log } = setUp({ maxWaiting: 2 });
  // One is on its way, two wait.
  const taken = ['a', 'b', 'c'].map((cid) => log.append(app, draft(cid)));
  await expect(log.append(app, draft('d'))).rejects.toMatchObject({ code: 'overloaded', afterMs: 1000 });
  expect((await Promise.all(taken)).map(({ message }) => message.seq)).toEqual([1, 2, 3]);
  expect((await log.append(app, draft('d'))).message.seq).toBe(4);
});

test('a draft that comes just when a run ends is not forgotten', async () => {
  const { app, log } = setUp();
  for (let turns = 0; turns < 40; turns += 1) {
    const first = log.append(app, draft(`first-${turns}`));
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    const [one, two] = await Promise.all([first, log.append(app, draft(`second-${turns}`))]);
    expect(two.message.seq).toBe(one.message.seq + 1);
  }
});

test('an owed push is flagged on the message, with the time it falls due', async () => {
  const { app, clock, log } = setUp();
  const { message } = await log.append(app, draft('a', { outboxAfterMs: 15_000 }));
  expect(message).toMatchObject({ storedAt: clock.now(), outbox: { dueAt: clock.now() + 15_000 } });
  expect(message).not.toHaveProperty('outboxAfterMs');
});

test('the head of a stream that never was is 0', async () => {
  const { app, log } = setUp();
  expect(await log.head(app, 'c:none')).toEqual({ epoch: 'e1', seq: 0, firstSeq: 1 });
});

test('every read of the store is counted', async () => {
  const { app, log, metrics } = setUp();
  await log.append(app, draft('a'));
  expect(metrics.count).not.toHaveBeenCalled();
  await log.read(app, stream, { limit: 10 });
  expect(metrics.count.mock.calls).toEqual([['log_reads_total']]);
});

describe('a stream that other nodes append to as well', () => {
  /** Loses the first races, and records when each was run. */
  function setUpRaces(lost: number) {
    const atMs: number[] = [];
    const made = setUp({
      messagesOf: (messages) => ({
        ...messages,
        async append(app, group) {
          atMs.push(made.clock.monotonic());
          if (atMs.length <= lost) return { inserted: 0, conflict: 'seq' };
          return messages.append(app, group);
        },
      }),
    });
    return { ...made, atMs };
  }

  test('costs one more try at once when it had moved on', async () => {
    const { app, log, atMs } = setUpRaces(1);
    expect((await log.append(app, draft('a'))).message.seq).toBe(1);
    expect(atMs).toEqual([0, 0]);
  });

  test('is tried again after longer and longer waits of random length when races are lost in a row', async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        const { app, clock, log, atMs } = setUpRaces(12);
        const appending = log.append(app, draft('a'));
        await clock.advance(10_000);
        expect((await appending).message.seq).toBe(1);
        return atMs;
      }),
    );
    const [one = [], other = []] = runs;
    expect(one).toHaveLength(13);
    expect(one.at(-1)).toBeGreaterThan(100);
    expect(one.at(-1)).toBeLessThan(3000);
    expect(one).not.toEqual(other);
  });
});

describe('drafts for many streams', () => {
  const inboxes = (count: number): Draft[] =>
    upTo(count).map((n) => draft('same', { id: 'broadcast', stream: `i:user-${n}` }));

  test('go to the store in few calls, heads and messages alike', async () => {
    const calls: string[] = [];
    const { app, stores, log } = setUp({
      messagesOf: (messages) => ({
        ...messages,
        heads: (...given) => (calls.push('heads'), messages.heads(...given)),
        append: (...given) => (calls.push('append'), messages.append(...given)),
        appendMany: (...given) => (calls.push('appendMany'), messages.appendMany(...given)),
      }),
    });
    const published: string[] = [];
    const ended = await log.appendMany(app, inboxes(1000), (message) => published.push(message.stream));
    expect(ended.every((end) => end.status === 'fulfilled' && end.value.message.seq === 1)).toBe(true);
    expect(new Set(published).size).toBe(1000);
    expect(calls.toSorted()).toEqual(['appendMany', 'appendMany', 'heads', 'heads']);
    expect(await stores.messages.byId(app, 'broadcast')).toHaveLength(1000);
  });

  test('are answered one by one: known ones as duplicates, others stored behind what is in their stream', async () => {
    const { app, stores, log } = setUp();
    await stores.messages.append(app, [sampleMessage({ seq: 1, stream: 'i:user-2' })]);
    await log.append(app, draft('same', { id: 'broadcast', stream: 'i:user-3' }));
    await log.append(app, draft('same', { bodyHash: 'other', stream: 'i:user-4' }));
    const ended = await log.appendMany(app, inboxes(4));
    expect(
      ended.map((end) =>
        end.status === 'fulfilled' ? [end.value.message.seq, end.value.duplicate] : [end.reason.code],
      ),
    ).toEqual([[1, false], [2, false], [1, true], ['idempotency_conflict']]);
  });

  test('of which the store loses the answer are read back, each by its cid', async () => {
    const { app, stores, log } = setUp();
    stores.fail('messages.appendMany', 'after');
    const ended = await log.appendMany(app, inboxes(3));
    expect(ended).toMatchObject(
      upTo(3).map(() => ({ status: 'fulfilled', value: { duplicate: false, message: { seq: 1 } } })),
    );
    stores.fail('messages.appendMany');
    const refused = await log.appendMany(
      app,
      inboxes(2).map((each) => ({ ...each, cid: 'another' })),
    );
    expect(refused).toMatchObject([{ reason: { code: 'unavailable' } }, { reason: { code: 'unavailable' } }]);
  });
});
