// What a connection did, in its drawer: pages, policies, what was refused, what it had missed, and how it ended. Against
// a whole server, with real sockets.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { createClients } from '../../platform/server/test/support/clients.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let opened: Watched[] = [];
const clients = createClients(() => server);

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  anna = await setUp(server);
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
  await clients.closeAll();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function openDrawer(id: string, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  await anna.enter(watched.context);
  await watched.page.goto(`${server.url}/console/a/demo/connections?open=${id}`);
  return watched;
}

const drawerOf = (page: Page) => page.getByRole('complementary');
const entries = (page: Page): Promise<string[]> =>
  drawerOf(page)
    .getByRole('list', { name: 'History' })
    .getByRole('listitem')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-past') ?? ''));

/** The next version of the policy of /ward, which no file declares. */
async function changeWard(ifVersion: number): Promise<void> {
  const policy = { pattern: '/ward', enabled: true, requireAuth: true, features: ['messaging'] };
  const changes = [{ op: 'put', ifVersion, policy: { ...policy, connectionType: `type-${ifVersion}` } }];
  await anna.call('POST', '/apps/demo/pages/changes', { changes });
}

it('the history of a connection has its pages, policies and refusals as they happen, and its end when it is over', async () => {
  await changeWard(0);
  const ann = await clients.connect({ userId: 'ann', page: '/ward' });
  await ann.ask('subscribe', { topic: 'of-nobody' });
  const { page, expectQuiet } = await openDrawer(ann.id);
  await drawerOf(page).getByRole('button', { name: 'History' }).click();
  await drawerOf(page).getByText('Connected on /ward').waitFor();
  await drawerOf(page).getByText('subscribe was refused').waitFor();
  await drawerOf(page).getByText('forbidden').waitFor();
  await changeWard(1);
  const changed = drawerOf(page).getByRole('listitem').filter({ hasText: 'Policy v2 of /ward reached it' });
  await changed.getByText('not confirmed').waitFor();
  await ann.ask('heartbeat', { policyVersion: 2 });
  await changed.getByText('confirmed after').waitFor();
  await ann.ask('page', { page: '/chat' });
  await drawerOf(page).getByText('Went to /chat').waitFor();
  expect(await entries(page)).toEqual(['page', 'policy', 'refused', 'connected']);
  await anna.call('DELETE', `/apps/demo/connections/${ann.id}`);
  const end = 'Closed: it was disconnected, or its user signed out';
  await drawerOf(page).getByRole('status').filter({ hasText: end }).waitFor();
  await drawerOf(page).getByText('What its node kept of it is gone with it.', { exact: false }).waitFor();
  expect(await entries(page)).toEqual(['closed', 'page', 'policy', 'refused', 'connected']);
  expect(await drawerOf(page).getByRole('button', { name: 'Disconnect' }).count()).toBe(0);
  // What its node said of it stays on the other tabs, too.
  await drawerOf(page).getByRole('button', { name: 'Facts' }).click();
  await drawerOf(page).getByText(end, { exact: false }).waitFor();
  await expectQuiet();
});

it('a connection that came back says how much had waited for it, and one that left is said to come back', async () => {
  await server.api('PUT', '/conversations/talk', { participants: [{ userId: 'ann' }, { userId: 'bob' }] });
  const message = { senderId: 'bob', type: 'text', content: { text: 'hello' } };
  for (let count = 0; count < 3; count += 1) await server.api('POST', '/conversations/talk/messages', message);
  const resume = [{ stream: 'c:talk', epoch: 'e1', seq: 1 }];
  const ann = await clients.connect({ userId: 'ann', page: '/chat', resume });
  const { page, expectQuiet } = await openDrawer(ann.id, { viewport: { width: 360, height: 740 } });
  await drawerOf(page).getByRole('button', { name: 'History' }).click();
  await drawerOf(page).getByText('Came back: 2 events had waited for it').waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
  await ann.close();
  await drawerOf(page)
    .getByText(/^Closed: /)
    .first()
    .waitFor();
  await expectQuiet();
});

it('a connection that is gone before anybody looked has nothing to tell, and says so', async () => {
  const ann = await clients.connect({ userId: 'ann', page: '/chat' });
  await ann.close();
  const { page } = await openDrawer(ann.id, { allowed: /status of 404/ });
  await drawerOf(page).getByText('This connection is no more.').waitFor();
});
