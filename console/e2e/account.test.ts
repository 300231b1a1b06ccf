// One's own account: a second factor, sessions elsewhere, a session that ends in mid-edit, and forged requests.
import { createHmac } from 'node:crypto';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, password, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let opened: Watched[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startConsoleServer();
  anna = await setUp(server);
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
  await server.stop();
});

async function open(options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  return watched;
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${server.url}/console/sign-in`);
  await page.getByLabel('E-mail').fill(anna.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** RFC 6238, of the step that many after the present one. */
function codeOf(secret: string, stepsAhead = 0): string {
  const bits = Array.from(secret, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + stepsAhead));
  const digest = createHmac('sha1', key).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function fromMenu(page: Page, screen: string): Promise<void> {
  await page.getByRole('button', { name: 'Account of Anna Li' }).click();
  await page.getByRole('menuitem', { name: screen }).click();
}

it('a second factor is set up with a first code, and asked for from then on; a recovery code is good once', async () => {
  const { page, expectQuiet } = await open({ allowed: /status of 401/ });
  await signIn(page);
  await fromMenu(page, 'Security');
  await page.getByRole('button', { name: 'Add a second factor' }).click();
  await page.getByRole('img', { name: 'QR code' }).waitFor();
  const secret = await page.getByRole('dialog').locator('[data-secret]').innerText();
  await page.getByLabel('Code that the app shows now').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await page.locator('[data-recovery] li').nth(9).waitFor();
  const codes = await page.locator('[data-recovery] li').allInnerTexts();
  expect(codes).toHaveLength(10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes are left.').waitFor();

  await page.getByRole('button', { name: 'Account of Anna Li' }).click();
  await page.getByText(/^Belfry \d+\.\d+\.\d+$/).waitFor();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').waitFor();
  await signIn(page);
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 1));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Account of Anna Li' }).waitFor();

  for (const isFirst of [true, false]) {
    const other = await open({ allowed: /status of 401/ });
    await signIn(other.page);
    await other.page.getByRole('button', { name: 'Use a recovery code' }).click();
    await other.page.getByLabel('Recovery code', { exact: true }).fill(codes[0] ?? '');
    await other.page.getByRole('button', { name: 'Continue' }).click();
    if (isFirst) await other.page.getByRole('button', { name: 'Account of Anna Li' }).waitFor();
    else await other.page.getByText('This code is not right, or was used already.').waitFor();
    await other.expectQuiet();
  }
  await expectQuiet();
});

it('signing out elsewhere is seen there at once, and here one goes on', async () => {
  const here = await open();
  const there = await open({ allowed: /status of 401/ });
  await signIn(there.page);
  await there.page.locator('[data-live="live"]').waitFor();
  await signIn(here.page);
  await here.page.locator('[data-live="live"]').waitFor();
  const lives: string[] = [];
  here.page.on('websocket', (socket) => lives.push(socket.url()));
  await fromMenu(here.page, 'Security');
  await here.page.getByRole('button', { name: 'Sign out all others' }).click();
  await here.page.getByText('Signed out there').waitFor();
  await expect.poll(() => here.page.getByText('this one').count()).toBe(1);
  // Nobody touches that tab.
  const dialog = there.page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.waitFor();
  // What is live ends for the whole account: here it comes back by itself.
  await expect.poll(() => lives.length).toBe(1);
  await here.page.locator('[data-live="live"]').waitFor();
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'detached' });
  await there.page.locator('[data-live="live"]').waitFor();
  await here.expectQuiet();
  await there.expectQuiet();
});

it('a session that ends in another tab of the browser is asked about in this one, and signing out is not', async () => {
  const { page, context, expectQuiet } = await open({ allowed: /status of 401/ });
  await signIn(page);
  await page.locator('[data-live="live"]').waitFor();
  const other = await context.newPage();
  await other.goto(`${server.url}/console/account/profile`);
  await other.locator('[data-live="live"]').waitFor();
  await fromMenu(page, 'Sign out');
  await page.getByLabel('E-mail').waitFor();
  await other.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  await signIn(page);
  await page.locator('[data-live="live"]').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await expectQuiet();
});

it('a role that changes leaves what is live, and what they may do is as it is now', async () => {
  const li = await join(anna, server, { email: 'li@clinic.example', name: 'Li', role: 'admin' });
  const { page, context, expectQuiet } = await open({ allowed: /status of 403/ });
  await li.enter(context);
  await page.goto(`${server.url}/console/t/${anna.tenant}/members`);
  const invite = page.getByRole('button', { name: 'Invite' });
  await invite.first().waitFor();
  await page.locator('[data-live="live"]').waitFor();
  const { items } = await anna.call<{ items: { account: string; name: string; version: number }[] }>(
    'GET',
    `/tenants/${anna.tenant}/members`,
  );
  const member = items.find(({ name }) => name === 'Li');
  const headers = { 'If-Match': `"v${member?.version}"` };
  await anna.call('PATCH', `/tenants/${anna.tenant}/members/${member?.account}`, { role: 'viewer' }, headers);
  await expect.poll(() => invite.count()).toBe(0);
  await page.locator('[data-live="live"]').waitFor();
  await expectQuiet();
});

it('a session that ends in mid-edit loses nothing that was typed, and the save goes through once', async () => {
  const { page, requests, expectQuiet } = await open({ allowed: /status of 401/ });
  // Nothing live says it: the request itself finds it out.
  await page.routeWebSocket(/./, () => undefined);
  await signIn(page);
  await fromMenu(page, 'Profile');
  await page.getByLabel('Name').fill('Anna Lee');
  await page.getByRole('region', { name: '1 change' }).waitFor();
  await anna.call('DELETE', '/account/sessions');
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await anna.call('GET', '/account')).toMatchObject({ name: 'Anna Lee', version: 2 });
  expect(requests.length).toBeGreaterThan(0);
  await expectQuiet();
});

it('what was typed is offered again after a reload', async () => {
  const { page, expectQuiet } = await open();
  await anna.enter(page.context());
  await page.goto(`${server.url}/console/account/profile`);
  await page.getByLabel('Name').fill('Anna Lee');
  await page.getByRole('region', { name: '1 change' }).waitFor();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await page.getByText('You typed something here and did not save it.').waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe('Anna Li');
  await page.getByRole('button', { name: 'Take it up again' }).click();
  expect(await page.getByLabel('Name').inputValue()).toBe('Anna Lee');
  await page.keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  await expectQuiet();
});

it('two who change different fields are merged without a question, the same field is asked about', async () => {
  const { page, expectQuiet } = await open({ allowed: /status of 412/ });
  await anna.enter(page.context());
  await page.goto(`${server.url}/console/account/preferences`);
  await page.getByLabel('Density').selectOption('compact');
  await anna.call('PATCH', '/account', { timeZone: 'Asia/Shanghai' }, { 'If-Match': '"v1"' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await anna.call('GET', '/account')).toMatchObject({
    density: 'compact',
    timeZone: 'Asia/Shanghai',
    version: 3,
  });

  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  await anna.call('PATCH', '/account', { timeZone: 'UTC' }, { 'If-Match': '"v3"' });
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two people changed the same' });
  await dialog.getByText('UTC').waitFor();
  await dialog.getByText('Europe/Berlin').click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => anna.call('GET', '/account')).toMatchObject({ timeZone: 'Europe/Berlin', version: 5 });
  await expectQuiet();
});

it('requests that other pages make are refused, and the console cannot be framed', async () => {
  const cookie = 'belfry_session=x';
  const forged = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.url}/admin/api/session`, { method: 'DELETE', headers: { Cookie: cookie, ...headers } });
  for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }, {}]) {
    expect(await (await forged(headers)).json()).toMatchObject({ status: 403, code: 'csrf' });
  }
  await expect(anna.call('DELETE', '/session', undefined, { 'X-Belfry-CSRF': 'of-somebody-else' })).rejects.toThrow(
    'csrf',
  );

  const { context } = await open();
  const page = await context.newPage();
  await page.setContent(`<iframe src="${server.url}/console/sign-in"></iframe>`);
  const frame = page.frames()[1];
  await expect.poll(() => frame?.url()).toMatch(/^chrome-error:/);
});

it('after ten wrong passwords one has to wait, and the time is counted down', async () => {
  // The answers to these come later and later: they are counted as they begin.
  const guesses = new AbortController();
  const guess = (): Promise<unknown> =>
    fetch(`${server.url}/admin/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: server.url },
      body: JSON.stringify({ email: anna.email, password: 'a guess' }),
      signal: guesses.signal,
    }).catch(() => undefined);
  const all = Array.from({ length: 10 }, guess);
  await Promise.all(all.slice(0, 3));
  const { page, expectQuiet } = await open({ allowed: /status of 429/ });
  await page.goto(`${server.url}/console/sign-in`);
  await page.getByLabel('E-mail').fill(anna.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  const words = page.getByText(/Too many tries\. Try again in \d+/);
  await words.waitFor();
  const before = await words.innerText();
  await expect.poll(() => words.innerText()).not.toBe(before);
  expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true);
  expect(await page.getByLabel('E-mail').inputValue()).toBe(anna.email);
  guesses.abort();
  await Promise.all(all);
  await expectQuiet();
});
