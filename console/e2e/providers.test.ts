// Providers that get no pushes, as people of the console find out: where they look first, with the reason and what
// to do. Against a whole server, and a service that refuses.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { broadcast, putConversation, registerDevice, say } from '../../platform/server/test/support/clinic.ts';
import { startPushReceiver, type PushReceiver } from '../../platform/server/test/support/push-receiver.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let browser: Browser;
let receiver: PushReceiver;
let server: WholeServer;
let anna: Person;
let viewer: Person;
let opened: Watched[] = [];

beforeAll(async () => {
  receiver = await startPushReceiver();
  [server, browser] = await Promise.all([
    startConsoleServer({ pushUrl: receiver.url, settings: { waitMs: 0 } }),
    launchChromium(),
  ]);
  anna = await setUp(server);
  viewer = await join(anna, server, { email: 'vic@clinic.example', name: 'Vic', role: 'viewer' });
  await putConversation(server, 'c1', ['alice', 'bob']);
  await registerDevice(server, 'bob');
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await receiver.close();
});

async function openOverview(who: Person, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  await who.enter(watched.context);
  await watched.page.goto(`${server.url}/console/a/demo/overview`);
  await watched.page.locator('[data-tile]').first().waitFor();
  return watched;
}

const row = (page: Page) => page.locator('[data-provider="hook"]');

it('a provider that is refused is on the overview with its reason, and is resumed by who may', async () => {
  const { page, expectQuiet } = await openOverview(anna);
  expect(await page.getByText('Pushes are held back').count()).toBe(0);
  receiver.answerAlways({ status: 401 });
  await say(server, 'c1', { from: 'alice' });

  // Whoever has it open sees it without doing anything.
  await row(page).waitFor({ timeout: 30_000 });
  await row(page).getByText('paused').waitFor();
  await row(page).getByText('HTTP 401').waitFor();
  await row(page)
    .getByText(/^began/)
    .locator('time')
    .waitFor();
  await row(page).getByText('refuses the credentials', { exact: false }).waitFor();

  const looking = await openOverview(viewer);
  await row(looking.page).getByText('HTTP 401').waitFor();
  expect(await row(looking.page).getByRole('button').count()).toBe(0);
  await looking.expectQuiet();

  receiver.answerAlways({ status: 200 });
  await row(page).getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Pushes go through hook again.').waitFor();
  await row(page).waitFor({ state: 'detached' });
  await expectQuiet();
  const { tenant } = await anna.call<{ tenant: string }>('GET', '/apps/demo');
  const audit = await anna.call<{ items: { action: string }[] }>('GET', `/tenants/${tenant}/audit`);
  expect(audit.items.map(({ action }) => action)).toContain('provider.resume');
});

it('a provider whose service fails again and again is there with its next try, until it answers', async () => {
  const users = Array.from({ length: 12 }, (_, at) => `user-${at}`);
  for (const user of users) await registerDevice(server, user);
  const { page, expectQuiet } = await openOverview(anna);
  receiver.answerAlways({ status: 503 });
  await broadcast(server, { kind: 'direct', audience: { users }, data: { title: 'Round at nine' } });

  await row(page).getByText('does not answer').waitFor({ timeout: 30_000 });
  await row(page).getByText('HTTP 503').waitFor();
  await row(page)
    .getByText(/^next try/)
    .locator('time')
    .waitFor();
  // It ends by itself.
  expect(await row(page).getByRole('button').count()).toBe(0);

  receiver.answerAlways({ status: 200 });
  await row(page).waitFor({ state: 'detached', timeout: 60_000 });
  await expectQuiet();
});
