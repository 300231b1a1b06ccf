// The matrix of pages: addresses are tried, drafts made by keyboard alone, and two administrators change the same
// page. What arrives at open tabs: pages-live.test.ts.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { SocketClient } from '../../platform/server/test/support/socket-client.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { hostile, join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let li: Person;
let opened: Watched[] = [];
/** An app for each test. */
let app = '';
let apps = 0;

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  anna = await setUp(server);
  li = await join(anna, server, { email: 'li@clinic.example', name: 'Li Wei', role: 'admin' });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(async () => {
  apps += 1;
  app = `ward-${apps}`;
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'clinic', key: app, name: `Ward ${apps}` });
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});

async function openAs(person: Person, path: string, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  await person.enter(watched.context);
  await watched.page.goto(`${server.url}/console/a/${app}/${path}`);
  return watched;
}

const cellOf = (page: Page, pattern: string, field: string) =>
  page.locator(`[data-page="${pattern}"] [data-field="${field}"]`);

interface Listed {
  pages: { pattern: string; version: number; features: string[]; connectionType: string }[];
}
async function policy(pattern: string): Promise<Listed['pages'][number]> {
  const { pages } = await anna.call<Listed>('GET', `/apps/${app}/pages`);
  const found = pages.find((each) => each.pattern === pattern);
  if (found === undefined) throw new Error(pattern);
  return found;
}

interface History {
  items: { pattern: string; version: number; by: string; note?: string }[];
}
const history = async (): Promise<History['items']> =>
  (await anna.call<History>('GET', `/apps/${app}/pages/history?limit=100`)).items;

it('an address that is tried gets what the server gives it, with the draft too', async () => {
  const patterns = ['/shop', '/shop/:id', '/shop/:id/reviews', '/:what/9', '/shop/*', '/a/*', '/a/:x/c', '/a/b/*'];
  const changes = patterns.map((pattern) => ({
    op: 'put',
    ifVersion: 0,
    policy: { pattern, enabled: true, requireAuth: false },
  }));
  await anna.call('POST', `/apps/${app}/pages/changes`, { changes });
  const { page, expectQuiet } = await openAs(anna, 'pages?view=matrix');
  await cellOf(page, '/shop', 'enabled').waitFor();
  const client = await SocketClient.open(server, app);
  await client.ask('connect', { page: '/shop', device: { id: 'd', type: 'desktop' }, visible: true });
  const paths = [
    '/shop',
    '/shop/',
    '/shop/7',
    '/shop/9',
    '/shop/7/reviews',
    '/shop/7/x',
    '/a',
    '/a/b',
    '/a/b/c',
    '/a/z/c',
  ];
  for (const path of [...paths, '/a/z/d', '/x/9', '/shop//7?a=b', '/a/b/c/d/e']) {
    await page.getByRole('searchbox', { name: 'Try a URL' }).fill(path);
    const { data } = await client.ask('page', { page: path });
    const { pattern } = data['page'] as { pattern: string };
    await expect.poll(() => page.locator('[data-won]').innerText(), { message: path }).toBe(pattern);
  }
  await client.end();
  // With the draft another one wins: the exact page is to go.
  await page.getByRole('searchbox', { name: 'Try a URL' }).fill('/a/b/c');
  await page.getByText('matches, but has fewer fixed segments').first().waitFor();
  await page.goto(`${server.url}/console/a/${app}/pages/edit`);
  await page.getByLabel('Pattern').fill('/a/b/c');
  await page.keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.goto(`${server.url}/console/a/${app}/pages?view=matrix&try=/a/b/c`);
  await expect.poll(() => page.locator('[data-won]').innerText()).toBe('/a/b/c');
  await expectQuiet();
});

it('a draft of three changes is made and published by keyboard alone', async () => {
  const { page, requests, expectQuiet } = await openAs(anna, 'pages?view=matrix');
  await cellOf(page, '/chat', 'enabled').waitFor();
  const before = (await history()).length;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-cell') ?? '');
  await page.getByRole('region', { name: 'Pages and their features' }).focus();
  // Past the link of the first row.
  for (let step = 0; step < 4 && (await focused()) === ''; step += 1) await page.keyboard.press('Tab');
  expect(await focused()).toBe('0:0');
  const rowOf = async (pattern: string): Promise<number> =>
    Number((await cellOf(page, pattern, 'enabled').getAttribute('data-cell'))?.split(':')[0]);
  for (let row = await rowOf('/chat'); row > 0; row -= 1) await page.keyboard.press('ArrowDown');
  for (let column = 0; column < 3; column += 1) await page.keyboard.press('ArrowRight');
  const names: string[] = [];
  for (let change = 0; change < 3; change += 1) {
    const at = await focused();
    names.push(await page.evaluate(() => document.activeElement?.getAttribute('data-field') ?? ''));
    await page.keyboard.press('Space');
    await page.locator('[data-popover-content]').getByRole('button').first().and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(focused, { message: 'the focus is back in the cell' }).toBe(at);
    await page.keyboard.press('ArrowRight');
  }
  expect(names).toEqual(['feature messaging', 'feature typing_indicator', 'feature read_receipts']);
  await page.getByText('Draft: 3 changes on 1 page').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Control+Home');
  expect(await focused()).toBe('0:0');
  // The last step back, and forth again.
  await page.keyboard.press('Control+z');
  await page.getByText('Draft: 2 changes on 1 page').waitFor();
  const asked = () => requests.filter((url) => url.endsWith('/pages/changes')).length;
  expect(asked()).toBe(0);
  await page.keyboard.press('p');
  await page.getByText('1 page is published').waitFor();
  expect(asked()).toBe(1);
  const fresh = (await history()).slice(0, -before);
  expect(fresh).toMatchObject([{ pattern: '/chat', by: 'Anna Li', version: 2 }]);
  expect((await policy('/chat')).features).not.toContain('messaging');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await policy('/chat')).features).toContain('messaging');
  await expectQuiet();
});

it('what two administrators change on one page is merged, and the same field is a question with both values', async () => {
  const refused = { allowed: /status of 412/ };
  const mine = await openAs(anna, 'pages?view=matrix', refused);
  await cellOf(mine.page, '/chat', 'feature typing_indicator').click();
  await mine.page.getByRole('button', { name: 'Add to draft' }).click();
  const theirs = await openAs(li, 'pages?view=matrix');
  await cellOf(theirs.page, '/chat', 'feature voice_note').click();
  await theirs.page.getByRole('button', { name: 'Turn off now' }).click();
  await theirs.page.getByText('Voice notes is off on /chat (v2)').waitFor();
  // It is seen without a reload, and the draft stands.
  await mine.page.locator('[data-page="/chat"] [data-field="feature voice_note"][aria-pressed="false"]').waitFor();
  await mine.page.getByRole('button', { name: 'Publish now' }).click();
  await mine.page.getByText('1 page is published').waitFor();
  const merged = await policy('/chat');
  expect(merged.version).toBe(3);
  expect(merged.features).not.toContain('voice_note');
  expect(merged.features).not.toContain('typing_indicator');

  const form = await openAs(anna, 'pages/edit?pattern=/chat', refused);
  await form.page.getByLabel('Type').fill('ward');
  await theirs.page.goto(`${server.url}/console/a/${app}/pages/edit?pattern=/chat`);
  await theirs.page.getByLabel('Type').fill('care');
  await theirs.page.keyboard.press('Control+s');
  await theirs.page.getByText('Saved', { exact: true }).waitFor();
  await form.page.getByText('Li Wei changed this while you look at it').waitFor();
  await form.page.getByRole('button', { name: 'Save' }).click();
  const dialog = form.page.getByRole('dialog', { name: 'Two people changed the same' });
  await dialog.getByText('Changed meanwhile by Li Wei').waitFor();
  await dialog.getByText('care', { exact: true }).waitFor();
  expect((await policy('/chat')).connectionType).toBe('care');
  await dialog.getByRole('radio', { name: /ward/ }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await policy('/chat')).connectionType).toBe('ward');
  for (const { expectQuiet } of [mine, theirs, form]) await expectQuiet();
});

it('history says who, why and what, and goes back', async () => {
  const { version, features, pattern } = await policy('/chat');
  const put = { pattern, enabled: true, features: features.filter((each) => each !== 'voice_note') };
  const changes = [{ op: 'put', ifVersion: version, policy: put }];
  await li.call('POST', `/apps/${app}/pages/changes`, { changes, note: hostile });
  const { page, expectQuiet } = await openAs(anna, 'pages/history?pattern=/chat');
  const newest = page.locator('[data-version="2"]');
  await newest.getByText('− voice_note').waitFor();
  expect(await newest.innerText()).toContain('Li Wei');
  expect(await newest.innerText()).toContain('<img src=x');
  await page.locator('[data-version="1"]').getByRole('button', { name: 'Go back to this' }).click();
  await page.getByText('No tab is open there now.').waitFor();
  await page.locator('[data-popover-content]').getByRole('button', { name: 'Go back to this' }).click();
  await page.getByText('/chat is as in v1 again (v3)').waitFor();
  await page.locator('[data-version="3"]').waitFor();
  expect((await policy('/chat')).features).toEqual(features);
  await expectQuiet();
});

it('a page is made, refused with the reason where its pattern is none, and taken away with a way back', async () => {
  const { page, expectQuiet } = await openAs(anna, 'pages/edit', { allowed: /status of 422/ });
  await page.getByLabel('Pattern').fill('ward');
  await page.keyboard.press('Control+s');
  await page.locator('[aria-invalid="true"]').waitFor();
  await page.getByLabel('Pattern').fill('/ward/:id');
  await page.getByRole('checkbox', { name: /Voice notes/ }).check();
  await page.keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  expect((await policy('/ward/:id')).features).toEqual(['voice_note']);
  await page.getByRole('button', { name: 'Remove the page' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the page' }).click();
  await page.getByText('/ward/:id is removed').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await policy('/ward/:id').catch(() => undefined))?.version).toBe(3);
  await expectQuiet();
});

it('a viewer sees all of it and changes nothing, and in a protected app so does a developer', async () => {
  const viewer = await join(anna, server, { email: `v${apps}@clinic.example`, name: 'Vi', role: 'viewer' });
  const { page, expectQuiet } = await openAs(viewer, 'pages?view=matrix');
  await page.getByText('Changing it needs the role developer').waitFor();
  await cellOf(page, '/chat', 'feature voice_note').click({ force: true });
  expect(await page.locator('[data-popover-content]').count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Add page' }).count()).toBe(0);
  const developer = await join(anna, server, { email: `d${apps}@clinic.example`, name: 'Dee', role: 'developer' });
  await anna.call('PATCH', `/apps/${app}`, { protected: true }, { 'If-Match': '"v1"' });
  const other = await openAs(developer, 'pages?view=matrix');
  await other.page.getByText('Changing it needs the role admin').waitFor();
  await other.page.getByText(/is protected: real people use it/).waitFor();
  await expectQuiet();
  await other.expectQuiet();
});
