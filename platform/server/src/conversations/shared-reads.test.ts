// Which callers share a read, and when an earlier read is no longer good enough.

import { expect, test, vi } from 'vitest';
import { newApp, sampleMessage } from '../../test/support/samples.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { TestBusHub } from '../../test/support/test-bus.ts';
import type { AppId } from '../ports/app-id.ts';
import type { ReadRange, StoredMessage, StreamHead } from '../ports/stores/index.ts';
import { SharedReads } from './shared-reads.ts';

const app = newApp();
const at = { stream: 'c:c1', epoch: 'e1' };

async function setUp() {
  const clock = createVirtualClock();
  const hub = new TestBusHub();
  const bus = hub.connect('n1');
  await bus.events.follow(app);
  const stored: StoredMessage[] = [];
  const log = {
    heads: vi.fn(
      async (_app: AppId, streams: readonly string[]): Promise<ReadonlyMap<string, StreamHead>> =>
        new Map(streams.map((stream) => [stream, { epoch: 'e1', seq: stored.length, firstSeq: 1 }])),
    ),
    read: vi.fn(async (_app: AppId, _stream: string, { afterSeq = 0, limit }: ReadRange) =>
      stored.filter(({ seq }) => seq > afterSeq).slice(0, limit),
    ),
  };
  const add = (count: number): void => {
    for (let n = 0; n < count; n += 1) stored.push(sampleMessage({ seq: stored.length + 1 }));
  };
  add(20);
  const shared = new SharedReads({ log, bus, clock });
  const read = (afterSeq: number, reach = stored.length) => shared.read(app, at, { afterSeq, limit: 200, reach });
  return { clock, hub, log, add, shared, read };
}

test('five hundred who miss the same are served by one read and get the same objects', async () => {
  const { log, read } = await setUp();
  const pages = await Promise.all(Array.from({ length: 500 }, () => read(3)));
  expect(log.read).toHaveBeenCalledTimes(1);
  expect(pages[0]).toHaveLength(17);
  expect(pages.every((page) => page[0] === pages[0]?.[0])).toBe(true);
  await read(3);
  expect(log.read).toHaveBeenCalledTimes(1);
  await read(5);
  expect(log.read).toHaveBeenCalledTimes(2);
});

test('a page that does not reach the known head is read anew, once for all', async () => {
  const { log, add, read } = await setUp();
  await read(3);
  add(1);
  const pages = await Promise.all(Array.from({ length: 50 }, () => read(3)));
  expect(log.read).toHaveBeenCalledTimes(2);
  expect(pages.every((page) => page.at(-1)?.seq === 21)).toBe(true);
});

test('callers that wait for a read that was begun too early share the next one', async () => {
  const { log, add, read } = await setUp();
  const early = read(3);
  add(1);
  const late = [read(3), read(3), read(3)];
  await early;
  expect((await Promise.all(late)).map((page) => page.at(-1)?.seq)).toEqual([21, 21, 21]);
  expect(log.read).toHaveBeenCalledTimes(2);
});

test('a page is not kept for long, nor over a change here or on another node, nor for another life of the stream', async () => {
  const { clock, hub, log, shared, read } = await setUp();
  await read(3);
  await clock.advance(3000);
  await read(3);
  expect(log.read).toHaveBeenCalledTimes(2);
  shared.changed(app, at.stream);
  await read(3);
  expect(log.read).toHaveBeenCalledTimes(3);
  await hub.connect('n2').events.publish(app, { type: 'log_changed', stream: at.stream });
  await read(3);
  expect(log.read).toHaveBeenCalledTimes(4);
  await shared.read(app, { ...at, epoch: 'e2' }, { afterSeq: 3, limit: 200, reach: 20 });
  expect(log.read).toHaveBeenCalledTimes(5);
});

test('a read that fails is nobody else’s answer', async () => {
  const { log, read } = await setUp();
  log.read.mockRejectedValueOnce(new Error('away'));
  await expect(read(3)).rejects.toThrow('away');
  expect(await read(3)).toHaveLength(17);
});

test('heads that are asked for in one turn are read together, after they were asked for', async () => {
  const { log, add, shared } = await setUp();
  const asked = [shared.heads(app, ['c:c1']), shared.heads(app, ['c:c1', 'c:c2'])];
  add(1);
  const [first, second] = await Promise.all(asked);
  expect(log.heads.mock.calls).toEqual([[app, ['c:c1', 'c:c2']]]);
  expect([first?.get('c:c1')?.seq, second?.get('c:c2')?.seq]).toEqual([21, 21]);
});
