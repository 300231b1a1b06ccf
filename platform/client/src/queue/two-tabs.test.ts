// Two tabs with one queue: what they show each other, and that one of them sends it. A tab by itself: message-queue.test.ts.
import { afterEach, beforeEach, describe as group, expect, it } from 'vitest';
import { createClientClock, type ClientClock } from '../../test/support/client-clock.ts';
import {
  createQueueServer,
  describe,
  openTestTab,
  text,
  type QueueServer,
  type TabOptions,
  type TestTab,
} from '../../test/support/queue-server.ts';
import { createMemoryStorage } from '../../test/support/memory-storage.ts';
import type { StoredDraft } from '../types.ts';
import { createSimulatedBrowser, type SimulatedBrowser } from '../../test/support/simulated-browser.ts';

let clock: ClientClock;
let browser: SimulatedBrowser;
let server: QueueServer;
let reported: unknown[];
let tabs: TestTab[];

beforeEach(() => {
  clock = createClientClock();
  browser = createSimulatedBrowser();
  server = createQueueServer();
  reported = [];
  tabs = [];
});

afterEach(async () => {
  await Promise.all(tabs.map(({ outbox }) => outbox.stop()));
  expect(clock.pending()).toBe(0);
  expect(reported).toEqual([]);
});

function open(options: Partial<TabOptions> = {}): TestTab {
  const tab = openTestTab({ name: 'A', browser, server, clock, reported, ...options });
  tabs.push(tab);
  return tab;
}

function states({ outbox }: TestTab): string[] {
  return outbox.messages().map(describe);
}

group('two tabs', () => {
  it('show each other what waits, and one of them sends it', async () => {
    const a = open();
    const b = open({ name: 'B' });
    for (const [index, tab] of [a, b, a, b].entries()) tab.outbox.add(text('c1', String(index)));
    await clock.advance(0);
    await clock.advance(5000);
    expect(server.stored('c1').sort()).toEqual(['0', '1', '2', '3']);
    expect(server.frames).toHaveLength(4);
    for (const tab of [a, b]) expect(tab.told.filter((line) => line.endsWith('sent')).sort()).toHaveLength(4);
    expect([...states(a), ...states(b)]).toEqual([]);
  });

  it('show each other what was on its way into storage when the second was opened', async () => {
    const storage = createMemoryStorage();
    const slow = {
      ...storage,
      put: async (draft: StoredDraft) => {
        await new Promise<void>((resolve) => void clock.setTimer(resolve, 1000));
        await storage.put(draft);
      },
    };
    browser = createSimulatedBrowser(slow);
    const a = open({ ready: false });
    a.outbox.messages();
    await clock.advance(0);
    a.outbox.add(text('c1', 'one'));
    const b = open({ name: 'B', ready: false });
    b.outbox.messages();
    await clock.advance(500);
    expect(states(b)).toEqual([]);
    await clock.advance(1000);
    expect(states(b)).toEqual(['one queued']);
  });

  it('do not send again what storage is slow to let go of', async () => {
    const storage = createMemoryStorage();
    const slow = {
      ...storage,
      remove: async (owner: string, cid: string) => {
        await new Promise<void>((resolve) => void clock.setTimer(resolve, 1000));
        await storage.remove(owner, cid);
      },
    };
    browser = createSimulatedBrowser(slow);
    const a = open();
    const b = open({ name: 'B' });
    b.outbox.messages();
    a.outbox.add(text('c1', 'one'));
    b.outbox.add(text('c2', 'two'));
    await clock.advance(0);
    await clock.advance(5000);
    expect(server.frames.map((frame) => frame.slice('A: '.length)).sort()).toEqual(['one', 'two']);
  });

  it('go on when the one that sends dies', async () => {
    const a = open();
    server.plan.push('hang');
    for (const said of ['one', 'two', 'three']) a.outbox.add(text('c1', said));
    const b = open({ name: 'B' });
    b.outbox.messages();
    await clock.advance(0);
    expect(states(b)).toEqual(['one queued', 'two queued', 'three queued']);
    a.die();
    await clock.advance(0);
    expect(server.frames).toEqual(['A: one', 'B: one', 'B: two', 'B: three']);
    expect(server.stored('c1')).toEqual(['one', 'two', 'three']);
  });

  it('leave the sending to the one that has a connection', async () => {
    const a = open({ ready: false });
    open({ name: 'B' }).outbox.messages();
    a.outbox.add(text('c1', 'one'));
    await clock.advance(0);
    expect(server.frames).toEqual(['B: one']);
    expect(a.told).toEqual(['one queued', 'one sent']);
  });

  it('do not send what the other took back', async () => {
    const a = open({ ready: false });
    const b = open({ name: 'B', ready: false });
    b.outbox.messages();
    const { cid } = a.outbox.add(text('c1', 'one'));
    await clock.advance(0);
    expect(await b.outbox.cancel(cid)).toBe(true);
    await clock.advance(0);
    expect(a.told).toEqual(['one queued', 'one failed cancelled']);
    a.ready(true);
    await clock.advance(5000);
    expect(server.frames).toEqual([]);
  });

  it('send again what vanished from storage without a word', async () => {
    const a = open({ ready: false });
    const { cid } = a.outbox.add(text('c1', 'one'));
    a.outbox.add(text('c1', 'two'));
    await clock.advance(0);
    await browser.storage.remove('demo/alice', cid);
    a.ready(true);
    await clock.advance(1999);
    expect(server.frames).toEqual([]);
    await clock.advance(1);
    expect(server.stored('c1')).toEqual(['one', 'two']);
  });
});
