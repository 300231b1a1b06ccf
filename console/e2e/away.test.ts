// The server goes away while somebody works: it is said, what is there stays to be read, nothing is sent that changes
// something, nothing typed is lost; and afterwards the page says what changed, and shows what the server has.
import type { Page, Route } from 'playwright';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClients, type Clients } from '../../platform/server/test/support/clients.ts';
import { join } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';
import { startCutLine, type CutLine } from './support/cut-line.ts';

const world = createConsoleUnderTest(() => ({ keepsPort: true }));
let line: CutLine;
let clients: Clients;

beforeEach(async () => {
  clients = createClients(() => world.server);
  line = await startCutLine(world.browser, world.server);
});
afterEach(async () => {
  await line.stop();
  await clients.closeAll();
});

const row = (page: Page, text: string) => page.locator('[data-row]', { hasText: text });
/** The longer a server was away, the longer a client waits before it tries again; and one that is late refuses. */
const patient = { timeout: 30_000 };
const isLive = (page: Page) => page.locator('[data-live="live"]').waitFor(patient);
const strip = (page: Page) => page.locator('[data-away]');
const back = (page: Page) => page.locator('[data-back]');
const toasts = (page: Page) => page.locator('[data-sonner-toast]');

it('a server that starts anew in mid-view: what is there is read on, nothing is sent, and then the list agrees', async () => {
  await clients.connect({ userId: 'ann', page: '/chat' });
  await clients.connect({ userId: 'zoe', page: '/chat' });
  const { page, writes, expectQuiet } = await line.open('a/demo/connections?sort=user', world.anna);
  await row(page, 'ann').click();
  const drawer = page.getByRole('complementary');
  const button = drawer.getByRole('button', { name: 'Disconnect' });
  await button.waitFor();
  await isLive(page);

  line.way.become('cut');
  await strip(page).getByText('Reconnecting').waitFor();
  await strip(page).getByText('Changes wait until it is back.').waitFor();
  await row(page, 'zoe').waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  expect(await button.getAttribute('title')).toContain('The server does not answer now.');
  // The keyboard reaches it, and is told why nothing happens; a letter, the menu of a row and an undo are no way round.
  await button.focus();
  await page.keyboard.press('Enter');
  await toasts(page).getByText('nothing was sent').waitFor();
  await row(page, 'zoe').focus();
  await page.keyboard.press('d');
  await page.keyboard.press('.');
  const item = page.getByRole('menuitem', { name: 'Disconnect' });
  await item.getByText('waits for the server').waitFor();
  expect(await item.getAttribute('aria-disabled')).toBe('true');
  await item.click({ force: true });
  expect(await toasts(page).count()).toBe(1);
  expect(writes).toEqual([]);

  await world.server.restart();
  await world.anna.call('PUT', '/apps/demo/users/ann/preferences', { level: 'none' });
  for (const userId of ['ann', 'ben']) await clients.connect({ userId, page: '/chat' });
  line.way.become('open');
  await back(page).getByText('Back. 1 change meanwhile: Preferences of a user changed ann (Anna Li)').waitFor(patient);
  expect(await strip(page).count()).toBe(0);
  await row(page, 'ben').waitFor();
  const { items } = await world.anna.call<{ items: { user: string }[] }>('GET', '/apps/demo/connections?sort=user');
  const shown = async (): Promise<string[]> =>
    (await page.locator('[data-row]').allInnerTexts()).map((text) => text.split('\n')[0] ?? '');
  await expect.poll(shown).toEqual(items.map(({ user }) => user));
  // The toast of the absence went with it.
  await expect.poll(() => toasts(page).count()).toBe(0);
  await page.keyboard.press('Escape');
  await row(page, 'ben').focus();
  await page.keyboard.press('d');
  await expect.poll(shown).not.toContain('ben');
  expect(writes).toHaveLength(1);
  await expectQuiet();
});

it('what was asked for before, and fails when the server is back, takes nothing of what is said then', async () => {
  const { page, expectQuiet } = await line.open('a/demo/users', world.anna);
  await isLive(page);
  const late = Promise.withResolvers<undefined>();
  const wait = async (route: Route): Promise<void> => {
    await late.promise;
    await route.abort('connectionreset');
  };
  await page.route(/\/users\?.*q=late/, wait, { times: 1 });
  await page.getByRole('searchbox').fill('late');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('q=late');
  line.way.become('cut');
  await strip(page).waitFor();
  await world.anna.call('PUT', '/apps/demo/users/zoe/preferences', { level: 'none' });
  line.way.become('open');
  const said = back(page).getByText('Back. 1 change meanwhile: Preferences of a user changed zoe');
  await said.waitFor(patient);
  const failed = page.waitForEvent('requestfailed');
  const again = page.waitForResponse(/q=late/);
  late.resolve(undefined);
  await failed;
  // It is asked for again a second later.
  await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => setTimeout(resolve, 100))));
  expect(await strip(page).count()).toBe(0);
  await again;
  await said.waitFor();
  await expectQuiet();
});

it('what was changed meanwhile is asked for again where the server that is back has too much to do', async () => {
  const { page } = await line.open('a/demo/users', world.anna);
  await isLive(page);
  const overloaded = { status: 503, contentType: 'application/problem+json', body: '{"code":"overloaded"}' };
  await page.route(/\/audit\?/, (route) => route.fulfill(overloaded), { times: 1 });
  line.way.become('cut');
  await strip(page).waitFor();
  await world.anna.call('PUT', '/apps/demo/users/max/preferences', { level: 'none' });
  line.way.become('open');
  await back(page).getByText('Back. 1 change meanwhile: Preferences of a user changed max').waitFor(patient);
});

it('a form of which the server is away keeps what is typed, by whatever it is to be sent', async () => {
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, { template: 'empty', key: 'ward', name: 'Ward' });
  const { page, writes, expectQuiet } = await line.open('a/ward/settings/keys', world.anna);
  await page.getByRole('button', { name: 'New API key' }).waitFor();
  await isLive(page);
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'General' }).click();
  const name = page.getByLabel('Name of the app', { exact: true });
  await name.fill('Ward of the east');
  line.way.become('cut');
  await strip(page).waitFor();
  await name.fill('Ward of the east wing');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  expect(await save.getAttribute('aria-disabled')).toBe('true');
  await save.click({ force: true });
  await page.keyboard.press('Control+s');
  await page.getByRole('alert').getByText('What you typed is still here.').waitFor();
  expect(await page.getByRole('button', { name: 'Try again' }).getAttribute('aria-disabled')).toBe('true');
  expect(await toasts(page).count()).toBe(1);
  expect(await name.inputValue()).toBe('Ward of the east wing');
  line.way.become('open');
  await back(page).getByText('Back. Nothing was changed meanwhile').waitFor(patient);
  await page.getByRole('alert').getByText('The server answers again.').waitFor();
  expect(writes).toEqual([]);
  expect(await name.inputValue()).toBe('Ward of the east wing');
  await page.getByRole('button', { name: 'Try again' }).click();
  await toasts(page).getByText('Saved').waitFor();
  expect(await world.anna.call('GET', '/apps/ward')).toMatchObject({ name: 'Ward of the east wing' });

  // A dialog is sent by Enter, too.
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'New API key' }).click();
  line.way.become('cut');
  await strip(page).waitFor();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('billing');
  await dialog.getByRole('checkbox').check();
  await dialog.getByLabel('Name').press('Enter');
  await toasts(page).getByText('nothing was sent').waitFor();
  expect(writes).toHaveLength(1);
  line.way.become('open');
  await back(page).waitFor(patient);
  expect(await dialog.getByLabel('Name').inputValue()).toBe('billing');
  await dialog.getByLabel('Name').press('Enter');
  await page.getByRole('dialog', { name: 'The key billing' }).waitFor();
  expect(writes).toHaveLength(2);
  await expectQuiet();
});

it('screens that were opened are read on without a server; one that was not leaves one where one is', async () => {
  await world.server.api('PUT', '/users/bob', { name: 'Bob Meier' });
  const { page, expectQuiet } = await line.open('a/demo/users', world.anna);
  await row(page, 'Bob Meier').waitFor();
  await isLive(page);
  const go = async (letter: string): Promise<void> => {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
  };
  await go('o');
  await page.locator('[data-tile]').first().waitFor();
  line.way.become('cut');
  await strip(page).waitFor();
  await go('u');
  await row(page, 'Bob Meier').waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('[role=dialog] input:focus').waitFor();
  await page.keyboard.type('kinds');
  await page.getByRole('option', { name: 'Kinds' }).first().click();
  await toasts(page).getByText('this screen was not opened before').waitFor();
  await row(page, 'Bob Meier').waitFor();
  await go('o');
  await page.locator('[data-tile]').first().waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await toasts(page).count()).toBe(1);
  line.way.become('open');
  await back(page).waitFor(patient);
  await go('k');
  await page.getByRole('heading', { name: 'Kinds' }).waitFor();
  await expectQuiet();
});

it('who may not see the audit is told that all was read anew', async () => {
  const vera = await join(world.anna, world.server, { email: 'vera@clinic.example', name: 'Vera', role: 'viewer' });
  const { page, expectQuiet } = await line.open('a/demo/connections', vera);
  await isLive(page);
  line.way.become('cut');
  await strip(page).waitFor();
  line.way.become('open');
  await back(page).getByText('Back. Everything on this page was read anew.').waitFor(patient);
  await page.getByRole('button', { name: 'Close' }).click();
  await back(page).waitFor({ state: 'detached' });
  await expectQuiet();
});
