// @vitest-environment happy-dom
// A connection as Svelte's effects see it. Effects are made by hand, with Svelte's own runtime for browsers:
// no compiler is needed to use this.
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { fakeBelfry, type FakeBelfry } from '../../test/fake-belfry.ts';
import type { ServerEvent } from '../types.ts';
import { usePins, useReplies, useWebSocketByPage, type WebSocketByPage } from './index.ts';

// Node picks Svelte's half for servers, where nothing is reactive; what runs in a page is its half for
// browsers.
const { svelteForBrowsers } = vi.hoisted(() => ({
  svelteForBrowsers: (file: string) =>
    import(/* @vite-ignore */ new URL(file, import.meta.resolve('svelte/package.json')).href),
}));
vi.mock('svelte', () => svelteForBrowsers('./src/index-client.js'));
vi.mock('svelte/reactivity', () => svelteForBrowsers('./src/reactivity/index-client.js'));

interface SvelteRuntime {
  effect_root(run: () => void): () => void;
  render_effect(run: () => void): void;
}
// Compiled components import this module; it has no types.
const runtime = (await svelteForBrowsers('./src/internal/client/index.js')) as SvelteRuntime;

let belfry: FakeBelfry;
let page: WebSocketByPage;

beforeEach(() => {
  belfry = fakeBelfry();
  page = useWebSocketByPage(belfry);
});

/** Every value that an effect which reads it has seen, and what ends the effect. */
function follow<T>(read: () => T): { seen: T[]; stop: () => void } {
  const seen: T[] = [];
  const stop = runtime.effect_root(() => runtime.render_effect(() => void seen.push(read())));
  flushSync();
  return { seen, stop };
}

test('an effect follows the state', () => {
  const { seen, stop } = follow(() => [page.isConnected, page.connectionStatus]);
  belfry.become({ status: 'connecting' });
  flushSync();
  belfry.become({ status: 'connected' });
  flushSync();
  stop();

  expect(seen).toEqual([
    [false, 'closed'],
    [false, 'connecting'],
    [true, 'connected'],
  ]);
});

test('an effect follows the newest event, and does not run for changes of state', () => {
  const { seen, stop } = follow(() => page.lastMessage?.action);
  belfry.become({ status: 'connected' });
  flushSync();
  const event: ServerEvent = { action: 'announcement', timestamp: '2026-01-01T00:00:00.000Z', data: {} };
  belfry.emit(event);
  flushSync();
  stop();

  expect(seen).toEqual([undefined, 'announcement']);
});

test('several effects share one listener, and the last one takes it away', async () => {
  const first = follow(() => page.syncSignal);
  const second = follow(() => page.config);
  expect(belfry.listeners()).toBe(1);
  first.stop();
  second.stop();

  await vi.waitFor(() => expect(belfry.listeners()).toBe(0));
});

test('outside of effects it is read as it is, and nothing listens', () => {
  belfry.become({ status: 'connected', syncSignal: 4 });

  expect([page.isConnected, page.syncSignal, page.lastMessage]).toEqual([true, 4, undefined]);
  expect(belfry.listeners()).toBe(0);
});

test('the functions that useWebSocketByPage offers reach the connection', () => {
  page.connect();
  page.disconnect();
  page.sendMessage({ conversationId: 'c1', type: 'text', content: { text: 'hello' } });

  expect(belfry.calls).toEqual(['connect', 'disconnect', 'send']);
});

test('pins and replies are read while something shows them', async () => {
  const message = {
    ...{ messageId: 'm1', conversationId: 'c1', stream: 'c:c1', seq: 1, senderId: 'alice', type: 'text' },
    ...{ content: { text: 'hello' }, timestamp: '2026-01-01T00:00:00.000Z' },
  };
  belfry.answers = (path) => {
    if (path.includes('/pins'))
      return { messages: [{ ...message, pinned: { at: message.timestamp } }], hasMore: false };
    if (path.includes('/replies')) return { messages: [{ ...message, seq: 2, replyTo: 'm1' }], hasMore: false };
    return { conversations: [], messages: [], hasMore: false, participants: [] };
  };
  const pins = usePins('c1', belfry);
  const replies = useReplies('c1', 'm1', belfry);
  expect(pins.current.status).toBe('idle');
  const { seen, stop } = follow(() => [pins, replies].map(({ current }) => current.messages.map(({ seq }) => seq)));
  await vi.waitFor(() => {
    flushSync();
    expect(seen.at(-1)).toEqual([[1], [2]]);
  });
  stop();
  await vi.waitFor(() => expect(belfry.listeners()).toBe(0));
});
