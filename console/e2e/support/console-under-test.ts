// The console as most test files have it: a whole server, a browser, its first administrator, people with sockets, and
// pages that are closed after the test that opened them.
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import { createClients, type Clients } from '../../../platform/server/test/support/clients.ts';
import type { WholeServer, WholeServerOptions } from '../../../platform/server/test/support/whole-server.ts';
import { setUp, startConsoleServer, type Person } from './console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './watched-page.ts';

export interface Opening extends Partial<WatchOptions> {
  /** The first administrator where nobody is named. */
  who?: Person;
}

/** What is started is there from the file's own `beforeAll` on. */
export interface ConsoleUnderTest {
  readonly server: WholeServer;
  readonly browser: Browser;
  readonly anna: Person;
  readonly clients: Clients;
  /** A page of somebody who is not signed in; empty so far. */
  openSignedOut(options?: Partial<WatchOptions>): Promise<Watched>;
  /** A page of somebody who is signed in; empty so far. */
  open(options?: Opening): Promise<Watched>;
  /** `path`: below that of the console. */
  openAt(path: string, options?: Opening): Promise<Watched>;
}

/** Called once, at the top of a file. `options` is asked after the file's hooks that stand above it have run. */
export function createConsoleUnderTest(options: () => WholeServerOptions = () => ({})): ConsoleUnderTest {
  let server: WholeServer;
  let browser: Browser;
  let anna: Person;
  let opened: Watched[] = [];
  const clients = createClients(() => server);

  vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });
  beforeAll(async () => {
    [server, browser] = await Promise.all([startConsoleServer(options()), launchChromium()]);
    anna = await setUp(server);
  });
  afterEach(async () => {
    for (const { context } of opened) await context.close();
    opened = [];
  });
  afterAll(async () => {
    await clients.closeAll();
    await browser.close();
    await server.stop();
  });

  async function openSignedOut(watchOptions?: Partial<WatchOptions>): Promise<Watched> {
    const watched = await openWatched(browser, { url: server.url, ...watchOptions });
    opened.push(watched);
    return watched;
  }
  async function open({ who = anna, ...watchOptions }: Opening = {}): Promise<Watched> {
    const watched = await openSignedOut(watchOptions);
    await who.enter(watched.context);
    return watched;
  }
  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    get anna() {
      return anna;
    },
    ...{ clients, openSignedOut, open },
    async openAt(path, opening) {
      const watched = await open(opening);
      await watched.page.goto(`${server.url}/console${path}`);
      return watched;
    },
  };
}
