// What another person changes is on the screen without asking for it; and a server that is away for a moment.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let opened: Watched[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  anna = await setUp(server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});

async function openAt(path: string, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  await anna.enter(watched.context);
  await watched.page.goto(`${server.url}/console/${path}`);
  return watched;
}

/** A second, and the machine's share: one that is busy is slow, not wrong. */
const soon = { timeout: process.env['CI'] === undefined ? 2000 : 10_000 };
const state = (page: Page, wanted: string) => page.locator(`[data-live="${wanted}"]`).waitFor();

it('what somebody else makes, renames or invites is there within a second, without a reload', async () => {
  const { page, expectQuiet } = await openAt(`t/${anna.tenant}/apps`);
  await state(page, 'live');
  await expect.poll(() => page.locator('[data-live]').innerText()).toMatch(/^live \d+ ms$/);
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'empty', key: 'fresh', name: 'Fresh' });
  await page.locator('[data-row]', { hasText: 'Fresh' }).waitFor(soon);
  await page
    .locator('nav a[href$="/members"]')
    .first()
    .evaluate((link: HTMLElement) => link.click());
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await join(anna, server, { email: 'li@clinic.example', name: 'Li', role: 'developer' });
  await page.locator('[data-row]', { hasText: 'li@clinic.example' }).waitFor(soon);
  await expectQuiet();
});

it('a server that goes and comes back is said, and what changed meanwhile is there', async () => {
  const { page, expectQuiet } = await openAt(`t/${anna.tenant}/apps`, {
    allowed: /WebSocket connection to|Failed to load resource/,
  });
  await state(page, 'live');
  await server.restart({ samePort: true });
  await state(page, 'live');
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'empty', key: 'later', name: 'Later' });
  await page.locator('[data-row]', { hasText: 'Later' }).waitFor();
  await expectQuiet();
});

it('where no WebSocket gets through, the page says so and reads by itself', async () => {
  const { page, context, expectQuiet } = await openAt('account/profile', { allowed: /WebSocket connection to/ });
  await context.routeWebSocket(/\/ws\?/, (socket) => socket.close({ code: 1011 }));
  await page.goto(`${server.url}/console/t/${anna.tenant}/apps`);
  await page.locator('[data-row]').first().waitFor();
  await state(page, 'blocked');
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'empty', key: 'slow', name: 'Slow' });
  await page.locator('[data-row]', { hasText: 'Slow' }).waitFor({ timeout: 15_000 });
  await expectQuiet();
});
