// The life of a page where only a real browser shows the truth: its attempts, how a single-page app moves,
// the back-forward cache.
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBrowserBuild } from '../../../scripts/browser-build.ts';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import type * as coreModule from '../src/index.ts';
import type { Belfry, BelfrySnapshot } from '../src/types.ts';
import { startBlankSite, type BlankSite } from './support/blank-site.ts';

declare const held: { belfry: Belfry; statuses: BelfrySnapshot['status'][] };
/** See support/blank-site.ts. */
declare const sdk: { core: typeof coreModule };

let server: WholeServer;
let site: BlankSite;
let browser: Browser;
let profile: BrowserContext;
/** Observations of the page: WebSockets that were opened, and errors on its console. */
let opened: string[];
let errors: string[];

beforeAll(async () => {
  await ensureBrowserBuild({ say: () => undefined });
  server = await startWholeServer();
  site = await startBlankSite();
  browser = await launchChromium();
});
beforeEach(async () => {
  profile = await browser.newContext();
  opened = [];
  errors = [];
});
afterEach(() => profile.close());
afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

/** A page of the site, with the SDK started in it for alice. */
async function open(path: string): Promise<Page> {
  const page = await profile.newPage();
  page.on('websocket', (socket) => opened.push(socket.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(site.url + path);
  await start(page);
  return page;
}

async function start(page: Page): Promise<void> {
  await page.waitForFunction(() => 'sdk' in globalThis);
  await page.evaluate(
    ({ url, token }) => {
      const belfry = sdk.core.createBelfry({ app: 'demo', url, getToken: () => token });
      const statuses = [belfry.snapshot().status];
      belfry.subscribe(() => statuses.push(belfry.snapshot().status));
      Object.assign(globalThis, { held: { belfry, statuses } });
      belfry.start();
    },
    { url: server.url, token: await server.tokenOf('alice') },
  );
}

async function untilStatus(page: Page, status: BelfrySnapshot['status']): Promise<void> {
  await page.waitForFunction((wanted) => held.belfry.snapshot().status === wanted, status);
}

test('a login page opens no WebSocket, and its console stays clean', async () => {
  const page = await open('/login');
  await untilStatus(page, 'disabled');
  await page.evaluate(() => dispatchEvent(new Event('online')));
  expect(await page.evaluate(() => new Set(held.statuses).size)).toBeLessThanOrEqual(2);
  expect([opened, errors]).toEqual([[], []]);
});

test('a single-page app is followed through pushState, replaceState and back', async () => {
  const page = await open('/login');
  await untilStatus(page, 'disabled');
  await page.evaluate(() => history.pushState(null, '', '/chat?tab=1#top'));
  await untilStatus(page, 'connected');
  await page.evaluate(() => history.replaceState(null, '', '/admin'));
  await page.waitForFunction(() => held.belfry.snapshot().policy?.pattern === '/admin');
  expect(await page.evaluate(() => held.belfry.snapshot())).toMatchObject({ page: '/admin', status: 'connected' });
  await page.evaluate(() => history.back());
  await untilStatus(page, 'disabled');
  expect(opened).toHaveLength(1);
  expect(errors).toEqual([]);
});

test('a page that goes into the back-forward cache lets go of its connection, and has one again when it comes back', async () => {
  const page = await open('/chat');
  await untilStatus(page, 'connected');
  // Playwright cannot go back into that cache, so the browser's two events are made by hand.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await expect.poll(devicesOfAlice).toBe(0);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await untilStatus(page, 'connected');
  expect([opened.length, await devicesOfAlice()]).toEqual([2, 1]);
  await page.close();
  await expect.poll(devicesOfAlice).toBe(0);
});

async function devicesOfAlice(): Promise<number> {
  const { body } = await server.api('GET', '/users/alice/devices');
  return (body['devices'] as unknown[]).length;
}
