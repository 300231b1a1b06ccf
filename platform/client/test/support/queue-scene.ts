// The scene that every test of the queue begins with and must leave in order: a clock, a browser, a server,
// and tabs that are stopped. A tab: queue-server.ts.
import { afterEach, beforeEach, expect } from 'vitest';
import { createClientClock, type ClientClock } from './client-clock.ts';
import {
  createQueueServer,
  describe,
  openTestTab,
  type QueueServer,
  type TabOptions,
  type TestTab,
} from './queue-server.ts';
import { createSimulatedBrowser, type SimulatedBrowser } from './simulated-browser.ts';

export interface QueueScene {
  clock: ClientClock;
  /** May be replaced before the first tab is opened. */
  browser: SimulatedBrowser;
  server: QueueServer;
}

/**
 * To be called once in a file: its parts are new for each test, which fails where a timer stays or an error
 * was reported.
 */
export function useQueueScene() {
  const scene = freshScene();
  const reported: unknown[] = [];
  const tabs: TestTab[] = [];
  beforeEach(() => {
    Object.assign(scene, freshScene());
    reported.length = tabs.length = 0;
  });
  afterEach(async () => {
    await Promise.all(tabs.map(({ outbox }) => outbox.stop()));
    expect(scene.clock.pending()).toBe(0);
    expect(reported).toEqual([]);
  });

  function open(options: Partial<TabOptions> = {}): TestTab {
    const tab = openTestTab({ name: 'A', ...scene, reported, ...options });
    tabs.push(tab);
    return tab;
  }

  return { scene, open };
}

function freshScene(): QueueScene {
  return { clock: createClientClock(), browser: createSimulatedBrowser(), server: createQueueServer() };
}

export function states({ outbox }: TestTab): string[] {
  return outbox.messages().map(describe);
}
