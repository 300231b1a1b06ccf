// What happens in an app whose people are at three nodes, as the console shows it behind a balancer that knows no
// sessions: lists, frames, what passes, closing many, and a node that is killed while somebody looks.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ensureBrowserBuild } from '../../scripts/browser-build.ts';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { startCluster, type Cluster } from '../../platform/server/test/cluster/cluster.ts';
import { provisionFile } from '../../platform/server/test/support/provision.ts';
import { SocketClient, type ConnectOptions } from '../../platform/server/test/support/socket-client.ts';
import { startBalancer, type Balancer } from './support/balancer.ts';
import { setUp, type Person } from './support/console-server.ts';
import { closeSlowly, leftOf } from './support/slow-closing.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let browser: Browser;
let cluster: Cluster;
let balancer: Balancer;
let anna: Person;
let opened: Watched[] = [];
let people: SocketClient[] = [];

beforeAll(async () => {
  await ensureBrowserBuild({ say: () => undefined });
  const setups: string[] = [];
  [cluster, browser] = await Promise.all([
    startCluster({
      provision: provisionFile(),
      workers: 0,
      onLine: (name, line) => {
        if (name === 'g1' && typeof line['setup'] === 'string') setups.push(line['setup']);
      },
    }),
    launchChromium(),
  ]);
  const code = setups[0]?.split('#code=')[1];
  anna = await setUp({ url: gateway(1).url, server: { setupCode: async () => code } });
  balancer = await startBalancer(() => cluster.gateways.map(({ front }) => front.port));
});
afterAll(async () => {
  await browser.close();
  await balancer.stop();
  await cluster.stop();
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  await Promise.all(people.map((each) => each.end()));
  [opened, people] = [[], []];
});

function gateway(at: 1 | 2 | 3) {
  const found = cluster.gateways[at - 1];
  if (found === undefined) throw new Error(`gateway ${at} is not there`);
  return found;
}

async function connect(at: 1 | 2 | 3, userId: string, more: ConnectOptions = {}): Promise<SocketClient> {
  const client = await SocketClient.connect(gateway(at).process, { userId, page: '/chat', ...more });
  people.push(client);
  return client;
}

async function openAt(path: string, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: balancer.url, ...options });
  opened.push(watched);
  await anna.enter(watched.context);
  await watched.page.goto(`${balancer.url}/console/a/demo${path}`);
  return watched;
}

const row = (page: Page, text: string) => page.locator('[data-row]', { hasText: text });
const isLive = (page: Page) => page.locator('[data-live="live"]').waitFor({ timeout: 60_000 });

it('who comes, changes and goes at any node is seen without asking, and counted by node', async () => {
  for (const at of [1, 2, 3] as const) await connect(at, `of-${at}`);
  const { page, expectQuiet } = await openAt('/connections?sort=user');
  await row(page, 'of-3').waitFor();
  await isLive(page);
  await page.getByText('3 connections').waitFor();
  expect(await page.getByText('Updates every 10 s.').count()).toBe(0);
  const ben = await connect(2, 'ben', { deviceType: 'mobile' });
  await row(page, 'ben').waitFor();
  await ben.ask('heartbeat', { visible: false, rttMs: 321 });
  await row(page, 'ben').getByText('hidden').waitFor();
  await row(page, 'ben').getByText('321 ms').waitFor();
  await ben.close();
  await page.getByText('3 connections').waitFor();
  await expectQuiet();
});

it('what passes over a connection of any node is seen both ways, and a test event reaches it', async () => {
  const all = await Promise.all(([1, 2, 3] as const).map((at) => connect(at, `of-${at}`)));
  for (const [index, client] of all.entries()) {
    const { page, expectQuiet } = await openAt(`/connections?user=of-${index + 1}`);
    await row(page, `of-${index + 1}`).click();
    const drawer = page.getByRole('complementary');
    await drawer.getByRole('button', { name: 'Frames' }).click();
    await drawer.getByText('Listening.').waitFor();
    await isLive(page);
    await client.ask('subscribe', { topic: 'of-nobody' });
    await drawer.getByText('✕ forbidden').waitFor();
    await drawer.getByRole('button', { name: 'Test event' }).click();
    await drawer.getByText('system_notification').waitFor();
    await client.event('system_notification');
    await expectQuiet();
  }
});

it('of thousands of events a second at three nodes at most twenty are shown, with how many there were', async () => {
  const busy = await Promise.all(([1, 2, 3] as const).map((at) => connect(at, `busy-${at}`)));
  const { page, expectQuiet } = await openAt('/live');
  await page.getByText('Listening.').waitFor();
  await isLive(page);
  const talking = new AbortController();
  const talk = busy.map(async (person) => {
    while (!talking.signal.aborted) await Promise.all(Array.from({ length: 20 }, () => person.ask('heartbeat')));
  });
  await page.locator('[data-rate]', { hasText: 'by chance' }).waitFor();
  for (const at of [1, 2, 3])
    await page
      .locator('main ol li', { hasText: `busy-${at}` })
      .first()
      .waitFor();
  const shown = await page.locator('[data-rate]').innerText();
  expect(Number(/^\d+/.exec(shown)?.[0])).toBeLessThanOrEqual(20);
  talking.abort();
  await Promise.all(talk);
  await expectQuiet();
});

it('all that fit are closed at every node after their number was said, and it can be stopped', async () => {
  const crowd = await Promise.all(
    Array.from({ length: 150 }, (_, index) => connect(((index % 3) + 1) as 1 | 2 | 3, `p${index}`)),
  );
  const { page, expectQuiet } = await openAt('/connections', { allowed: /status of 409/ });
  await page.getByText('150 connections').waitFor();
  await isLive(page);
  await closeSlowly(page);
  await page.getByRole('button', { name: 'Actions for the list' }).click();
  await page.getByRole('menuitem', { name: /^Disconnect all/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Disconnect 150 connections?').waitFor();
  await Promise.all(crowd.slice(0, 30).map((each) => each.close()));
  await dialog.getByLabel('Type 150 to confirm').fill('150');
  await dialog.getByRole('button', { name: 'Disconnect 150 connections' }).click();
  await dialog.getByText('The number has changed meanwhile.').waitFor();
  await dialog.getByLabel('Type 120 to confirm').fill('120');
  await dialog.getByRole('button', { name: 'Disconnect 120 connections' }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  const left = leftOf(await dialog.getByText(/^Stopped after \d+ of 120\./).innerText());
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  expect(left).toBeGreaterThan(1);
  await page.getByText(`${left} connections`).waitFor();
  await expect.poll(() => crowd.filter(({ closeCode }) => closeCode === undefined).length).toBe(left);
  await expectQuiet();
});

it('a node that is killed takes its rows along within seconds, whichever the tab was at, and brings new ones', async () => {
  for (const at of [1, 2, 3] as const) for (const name of ['a', 'b']) await connect(at, `${name}-of-${at}`);
  const allowed = /ERR_|WebSocket|Failed to load|status of 50/;
  // The next connection of each goes to the next node: of four tabs at least one is at the node that is killed.
  const tabs = await Promise.all(Array.from({ length: 4 }, () => openAt('/connections?sort=user', { allowed })));
  for (const { page } of tabs) {
    await page.getByText('6 connections').waitFor();
    await isLive(page);
  }
  await gateway(1).kill();
  for (const { page } of tabs) {
    await row(page, 'a-of-1').waitFor({ state: 'detached', timeout: 40_000 });
    await isLive(page);
    await page.getByText('4 connections').waitFor({ timeout: 20_000 });
  }
  await gateway(1).start();
  await connect(1, 'new-of-1');
  for (const { page } of tabs) {
    await row(page, 'new-of-1').waitFor({ timeout: 30_000 });
    await page.getByText('5 connections').waitFor();
    expect(await page.locator('[data-silent]').count()).toBe(0);
  }
});
