// What happens in an app, as people of the console see it: who is connected, why somebody did not get it, what
// passes. Against a whole server, with real sockets.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { createClients, type Clients } from '../../platform/server/test/support/clients.ts';
import type { SocketClient } from '../../platform/server/test/support/socket-client.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { fillWithPeople, sayToBob } from './support/crowd.ts';
import { countSteps } from './support/counted-steps.ts';
import { closeSlowly, leftOf } from './support/slow-closing.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let clients: Clients;
let opened: Watched[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  anna = await setUp(server);
});
beforeEach(() => {
  clients = createClients(() => server);
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

async function openAt(path: string, { who = anna, ...options }: Partial<WatchOptions> & { who?: Person } = {}) {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  await who.enter(watched.context);
  await watched.page.goto(`${server.url}/console/a/demo${path}`);
  return watched;
}

/** One after the other: on a busy machine two hundred at once are more than may come from one address. */
async function connectAll(count: number): Promise<SocketClient[]> {
  const all: SocketClient[] = [];
  for (let at = 0; at < count; at += 1) all.push(await clients.connect({ userId: `p${at}`, page: '/chat' }));
  return all;
}

/** Between them it waits, or the server, which is in this process, has time for nothing else. */
async function sendHeartbeats(client: SocketClient, count: number, until: AbortSignal): Promise<void> {
  while (!until.aborted)
    await Promise.all([sleep(20), ...Array.from({ length: count }, () => client.ask('heartbeat'))]);
}

const row = (page: Page, text: string) => page.locator('[data-row]', { hasText: text });

it('who comes, changes and goes is seen without asking; a filter is one click, and stays in the address', async () => {
  await clients.connect({ userId: 'ann', page: '/chat' });
  const ben = await clients.connect({ userId: 'ben', page: '/chat', deviceType: 'mobile' });
  const { page, expectQuiet } = await openAt('/connections');
  await row(page, 'ben').waitFor();
  await page.getByText(/^live \d+ ms$/).waitFor();
  await clients.connect({ userId: 'carl', page: '/chat' });
  await row(page, 'carl').waitFor();
  await ben.ask('heartbeat', { visible: false });
  await row(page, 'ben').getByText('hidden').waitFor();
  await page.getByRole('button', { name: /^mobile/ }).click();
  await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
  await expect.poll(() => page.url()).toContain('device=mobile');
  // What the filter leaves out is still counted beside it.
  await page.getByRole('button', { name: /^desktop\s*2$/ }).waitFor();
  await ben.close();
  await page.getByText('No connection fits these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await row(page, 'ann').waitFor();
  await expectQuiet();
});

it('who is connected from which device is one click from the overview, and nothing to click there', async () => {
  for (const [userId, deviceType] of [
    ['ann', 'desktop'],
    ['ben', 'mobile'],
    ['cleo', 'mobile'],
  ] as const) {
    await clients.connect({ userId, page: '/chat', deviceType });
  }
  const { page, expectQuiet } = await openAt('/overview');
  await page.locator('[data-tile]').first().waitFor();
  const steps = await countSteps(page);
  await page.getByRole('link', { name: 'Connections' }).first().click();
  await page.getByRole('button', { name: /^mobile\s*2$/ }).waitFor();
  await page.getByRole('button', { name: /^desktop\s*1$/ }).waitFor();
  await row(page, 'cleo').getByText('mobile').waitFor();
  expect(await steps()).toEqual({ keys: 0, clicks: 1 });
  await expectQuiet();
});

it('an id that is pasted into the palette leads to the connection; where one was last is offered, and what one does', async () => {
  const ann = await clients.connect({ userId: 'ann', page: '/chat' });
  const { page, expectQuiet } = await openAt('/users/ann?tab=now');
  await page.getByRole('heading', { name: 'ann', exact: true }).waitFor();
  const palette = async (): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.locator('[role=dialog] input:focus').waitFor();
  };
  await palette();
  await page.keyboard.insertText(ann.id);
  await page.getByRole('option', { name: 'Connection ann', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').getByText('Policy', { exact: true }).waitFor();
  await expect.poll(() => page.url()).toContain(`open=${ann.id}`);
  await palette();
  await page.getByRole('option', { name: 'Users ann Demo' }).click();
  await page.getByRole('heading', { name: 'ann', exact: true }).waitFor();
  await palette();
  await page.keyboard.type('yaoqing');
  await page.getByRole('option', { name: 'Invite somebody' }).click();
  await page.getByRole('dialog', { name: 'Invite somebody' }).waitFor();
  await expectQuiet();
});

it('quiet hours and a mute are set for a user, taken back by the toast, and stand in their history', async () => {
  await server.api('PUT', '/conversations/lab', { title: 'Lab', participants: [{ userId: 'ann' }, { userId: 'bob' }] });
  const { page, expectQuiet } = await openAt('/users/ann?tab=preferences');
  const preferences = () =>
    anna.call<{ quietHours?: object; conversations: Record<string, object> }>(
      'GET',
      '/apps/demo/users/ann/preferences',
    );
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByLabel('Time zone').selectOption('Asia/Shanghai');
  await page.getByLabel('Until').fill('22:00');
  await page.getByText('They have to end at another time').waitFor();
  await page.getByLabel('Until').fill('06:30');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^22:00–06:30/).waitFor();
  expect(await preferences()).toMatchObject({ quietHours: { from: '22:00', to: '06:30', timeZone: 'Asia/Shanghai' } });
  await page.getByText(/there it is \d\d:\d\d/).waitFor();
  await page.getByRole('button', { name: 'Mute a conversation' }).click();
  await page.getByRole('combobox', { name: 'Conversation' }).selectOption('lab');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText('muted, ends').waitFor();
  expect((await preferences()).conversations).toHaveProperty('lab');
  await page.locator('[data-sonner-toast][data-front=true]').getByRole('button', { name: 'Undo' }).click();
  await page.getByText('No conversation has a rule of its own.').waitFor();
  expect(await preferences()).toMatchObject({ conversations: {}, quietHours: { from: '22:00' } });
  await page.getByRole('tab', { name: 'History' }).click();
  const newest = page.getByRole('row').filter({ hasText: 'Anna Li' });
  await expect.poll(() => newest.count()).toBe(3);
  await page.getByRole('link', { name: 'All of it in the audit' }).click();
  await page.getByText('3 entries').waitFor();
  await expectQuiet();
});

it('what was decided for a connection stands beside it, and its letters do what its buttons do', async () => {
  const ann = await clients.connect({ userId: 'ann', page: '/chat' });
  await sayToAnn();
  await ann.event('new_message');
  const { page, expectQuiet } = await openAt('/connections?user=ann');
  await row(page, 'ann').click();
  const drawer = page.getByRole('complementary');
  await drawer.getByRole('button', { name: 'Last decisions' }).click();
  await drawer.getByRole('link', { name: 'message in talk from bob' }).waitFor();
  await drawer.getByText('sent, not acknowledged').waitFor();
  await row(page, 'ann').focus();
  await page.keyboard.press('v');
  await ann.event('system_notification');
  await page.keyboard.press('d');
  await expect.poll(() => ann.closeCode).toBe(4507);
  await expectQuiet();
});

async function sayToAnn(): Promise<void> {
  await server.api('PUT', '/conversations/talk', { participants: [{ userId: 'ann' }, { userId: 'bob' }] });
  const message = { senderId: 'bob', type: 'text', content: { text: 'are you there?' } };
  expect((await server.api('POST', '/conversations/talk/messages', message)).status).toBe(201);
}

it('a list of many is scrolled without having all of it, and stays where one reads', async () => {
  for (let at = 0; at < 300; at += 1) {
    await clients.connect({ userId: `user-${String(at).padStart(3, '0')}`, page: '/chat' });
  }
  const { page, expectQuiet } = await openAt('/connections?sort=user');
  await row(page, 'user-000').waitFor();
  const region = page.getByRole('region', { name: 'Connections' });
  await region.evaluate((element) => element.scrollTo({ top: 250 * 36 }));
  await row(page, 'user-255').waitFor();
  expect(await page.locator('[data-row]').count()).toBeLessThan(60);
  const before = await row(page, 'user-255').boundingBox();
  // Somebody before those in sight goes, and another comes.
  await clients.connect({ userId: 'aaa', page: '/chat' });
  await page.getByRole('button', { name: '1 new' }).waitFor();
  expect((await row(page, 'user-255').boundingBox())?.y).toBe(before?.y);
  await page.getByRole('button', { name: '1 new' }).click();
  await row(page, 'aaa').waitFor();

  // Over a slow line the server is asked for one part after the other, or it would follow another than is in sight.
  let [underWay, most] = [0, 0];
  await page.route(/\/views\/[^/]+$/, async (route) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(400);
    const response = await route.fetch();
    underWay -= 1;
    await route.fulfill({ response });
  });
  await page.mouse.move(0, 0);
  await region.evaluate(async (element) => {
    for (const at of [100, 200, 40, 250, 0]) {
      element.scrollTo({ top: at * 36 });
      await new Promise((resolve) => void setTimeout(resolve, 150));
    }
  });
  await row(page, 'user-000').waitFor();
  await expect.poll(() => [most, underWay]).toEqual([1, 0]);
  await page.unrouteAll({ behavior: 'wait' });
  // At the beginning again nobody has to ask for those who come.
  await clients.connect({ userId: 'aab', page: '/chat' });
  await row(page, 'aab').waitFor();
  await expectQuiet();
});

it('all that fit are closed after their number was typed; a number that changed is asked again; it can be stopped', async () => {
  const crowd = await connectAll(214);
  const { page, expectQuiet } = await openAt('/connections', { allowed: /status of 409/ });
  await page.getByText('214 connections').waitFor();
  await closeSlowly(page);
  await page.getByRole('button', { name: 'Actions for the list' }).click();
  await page.getByRole('menuitem', { name: /^Disconnect all/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Disconnect 214 connections?').waitFor();
  await Promise.all(crowd.slice(0, 40).map((each) => each.close()));
  await dialog.getByLabel('Type 214 to confirm').fill('214');
  await dialog.getByRole('button', { name: 'Disconnect 214 connections' }).click();
  await dialog.getByText('The number has changed meanwhile.').waitFor();
  await dialog.getByLabel('Type 174 to confirm').fill('174');
  await dialog.getByRole('button', { name: 'Disconnect 174 connections' }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  const left = leftOf(await dialog.getByText(/^Stopped after \d+ of 174\./).innerText());
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  expect(left).toBeGreaterThan(1);
  await page.getByText(`${left} connections`).waitFor();
  await expect.poll(() => crowd.filter(({ closeCode }) => closeCode === undefined).length).toBe(left);
  await expectQuiet();
});

it('what passes over one connection is seen both ways; what it says only by who may, with a mark in the audit', async () => {
  const ann = await clients.connect({ userId: 'ann', page: '/chat' });
  const { page, expectQuiet } = await openAt('/connections?user=ann');
  const drawer = await framesOf(page, 'ann');
  await ann.ask('subscribe', { topic: 'of-nobody' });
  await drawer.getByText('✕ forbidden').waitFor();
  expect(await drawer.getByText('of-nobody').count()).toBe(0);
  await drawer.getByRole('button', { name: 'Test event' }).click();
  await drawer.getByText('system_notification').waitFor();
  await drawer.getByRole('button', { name: 'Show content' }).click();
  await drawer.getByRole('button', { name: 'Show content' }).waitFor({ state: 'detached' });
  await ann.ask('subscribe', { topic: 'of-nobody' });
  await drawer.getByText('of-nobody').first().waitFor();
  const { items } = await anna.call<{ items: { action: string }[] }>(
    'GET',
    `/tenants/${await tenantOf()}/audit?limit=5`,
  );
  expect(items.map(({ action }) => action)).toContain('connection.frames');
  // A list that is paused does not move.
  await drawer.getByRole('button', { name: 'Pause' }).click();
  const count = await drawer.locator('ol li').count();
  await ann.ask('subscribe', { topic: 'of-nobody' });
  await drawer.getByRole('button', { name: /^Show \d+ more/ }).waitFor();
  await expect.poll(() => drawer.getByRole('button', { name: /^Show [1-9]/ }).count()).toBe(1);
  expect(await drawer.locator('ol li').count()).toBe(count);
  await expectQuiet();
});

it('of many frames a second over one connection some are shown, which is said; a pause holds them and counts on', async () => {
  const ann = await clients.connect({ userId: 'ann', page: '/chat' });
  const { page, expectQuiet } = await openAt('/connections?user=ann');
  const drawer = await framesOf(page, 'ann');
  await drawer.getByRole('checkbox').check();
  const talking = new AbortController();
  const talk = sendHeartbeats(ann, 40, talking.signal);
  const rate = drawer.getByText(/^[\d,]+ of [\d,]+ a second, by chance$/);
  await rate.waitFor();
  const [shown = 0, seen = 0] = [...(await rate.innerText()).matchAll(/[\d,]+/g)].map(([number]) =>
    Number(number.replace(',', '')),
  );
  expect(shown).toBeLessThanOrEqual(50);
  expect(seen).toBeGreaterThan(shown);
  await drawer.getByRole('button', { name: 'Pause' }).click();
  const texts = await drawer.locator('ol li').allInnerTexts();
  await drawer.getByRole('button', { name: /^Show \d\d+ more/ }).waitFor();
  expect(await drawer.locator('ol li').allInnerTexts()).toEqual(texts);
  talking.abort();
  await talk;
  await expectQuiet();
});

it('a viewer sees who is connected, and has nothing to act with and no content', async () => {
  const viewer = await join(anna, server, { email: 'vera@clinic.example', name: 'Vera', role: 'viewer' });
  await clients.connect({ userId: 'ann', page: '/chat' });
  const { page, expectQuiet } = await openAt('/connections', { who: viewer });
  await framesOf(page, 'ann');
  expect(await page.getByRole('checkbox', { name: /^Choose/ }).count()).toBe(0);
  for (const name of ['Disconnect', 'Test event', 'Show content']) {
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  }
  await expectQuiet();
});

/** The drawer of their one connection, which listens. */
async function framesOf(page: Page, userId: string): Promise<Locator> {
  await row(page, userId).click();
  const drawer = page.getByRole('complementary');
  await drawer.getByRole('button', { name: 'Frames' }).click();
  await drawer.getByText('Listening.').waitFor();
  return drawer;
}

/** The tenant of the app `demo`. */
async function tenantOf(): Promise<string> {
  return (await anna.call<{ tenant: string }>('GET', '/apps/demo')).tenant;
}

it('why Bob did not get it is three steps from anywhere: the palette, his name, the decision', async () => {
  const crowd = await fillWithPeople(server);
  try {
    await sayToBob(server);
    const { page, expectQuiet } = await openAt('/overview');
    await page.locator('[data-tile]').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('[role=dialog] input:focus').waitFor();
    await page.keyboard.type('bob');
    await page.getByRole('option', { name: /Bob Meier/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bob Meier' }).waitFor();
    expect(await page.title()).not.toContain('Bob');
    const decision = page.getByRole('button', { name: /message in lab from carol/ });
    await decision.getByText('no push target').waitFor();
    await decision.click();
    await page.getByText('The user has no push target, so nothing could be pushed.').waitFor();
    await page.getByText('It was written to the page, which has not acknowledged it so far.').waitFor();
    await expectQuiet();
  } finally {
    await crowd.end();
  }
});

it('of two thousand events a second at most twenty are shown, a pause counts on, and a filter narrows', async () => {
  const people = await Promise.all([0, 1, 2, 3].map((at) => clients.connect({ userId: `busy-${at}`, page: '/chat' })));
  const { page, expectQuiet } = await openAt('/live');
  await page.getByText('Listening.').waitFor();
  const talking = new AbortController();
  const talk = people.map((person) => sendHeartbeats(person, 20, talking.signal));
  await page.locator('[data-rate]', { hasText: 'by chance' }).waitFor();
  const shown = await page.locator('[data-rate]').innerText();
  expect(Number(/^\d+/.exec(shown)?.[0])).toBeLessThanOrEqual(20);
  await page.keyboard.press(' ');
  const count = await page.locator('main ol li').count();
  await page.getByRole('button', { name: /^Show \d\d+ more/ }).waitFor();
  expect(await page.locator('main ol li').count()).toBe(count);
  talking.abort();
  await Promise.all(talk);
  await page.getByRole('button', { name: 'From now' }).click();
  await page.getByRole('combobox', { name: 'Filter' }).fill('action:message');
  await page.keyboard.press('Enter');
  await page.getByText('Listening. Nothing has fitted').waitFor();
  await page.getByRole('link', { name: 'Try something in the playground' }).waitFor();
  await page.getByRole('button', { name: 'Remove action:message' }).click();
  const followed = page.locator('main ol li button', { hasText: 'busy-0' });
  await expect
    .poll(async () => {
      await people[0]?.ask('heartbeat');
      return await followed.count();
    })
    .toBeGreaterThan(0);
  await followed.first().focus();
  await page.keyboard.press('f');
  await expect.poll(() => page.url()).toContain('user=busy-0');
  await expectQuiet();
});

it('a server that is away for a moment leaves what was there, and afterwards the list agrees with it', async () => {
  await clients.connect({ userId: 'ann', page: '/chat' });
  const { page, context } = await openAt('/connections', { allowed: /ERR_|WebSocket|Failed to load/ });
  await row(page, 'ann').waitFor();
  await context.setOffline(true);
  await row(page, 'ann').waitFor();
  await clients.connect({ userId: 'ben', page: '/chat' });
  await context.setOffline(false);
  await row(page, 'ben').waitFor();
  await expect.poll(() => page.locator('[data-row]').count()).toBe(2);
});
