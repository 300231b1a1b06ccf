// Being let in: the first account, signing in, and the shell after it.
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { password, setUp, startConsoleServer } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let opened: Watched[] = [];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startConsoleServer();
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

it('the printed address leads to an account and the shell, and its code is seen nowhere afterwards', async () => {
  const { page, requests, expectQuiet } = await open();
  const code = (await server.server.setupCode()) ?? '';
  expect(code).not.toBe('');
  await page.goto(`${server.url}/console/setup#code=${code}`);
  await page.getByLabel('E-mail').waitFor();
  await expect.poll(() => page.url()).toBe(`${server.url}/console/setup`);
  expect(await page.getByLabel('Setup code').inputValue()).toBe(code);
  // Four fields, one button.
  await page.getByLabel('E-mail').fill('anna@clinic.example');
  await page.getByLabel('Name').fill('Anna Li');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Organisation').fill('Clinic');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('button', { name: 'Account of Anna Li' }).waitFor();
  await page.getByRole('navigation', { name: 'Screens', exact: true }).getByRole('link', { name: 'Members' }).waitFor();
  expect(requests.filter((address) => address.includes(code))).toEqual([]);
  await expectQuiet();

  // A second person with the same link.
  const other = await open();
  await other.page.goto(`${server.url}/console/setup#code=${code}`);
  await other.page.getByText('There is an administrator. Sign in.').waitFor();
  await other.page.getByRole('link', { name: 'Sign in' }).click();
  await other.page.getByLabel('E-mail').waitFor();
  await other.expectQuiet();
});

it('over plain http from another machine it says that passwords can be read on the way', async () => {
  await setUp(server);
  const { page, context, expectQuiet } = await open();
  await page.goto(`${server.url}/console/sign-in`);
  await page.getByLabel('E-mail').waitFor();
  expect(await page.locator('[data-plain-http]').count()).toBe(0);
  // As the browser says it of such an address.
  await context.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  await page.reload();
  await page.getByRole('note').getByText('over http and not https').waitFor();
  await page.getByLabel('E-mail').fill('anna@clinic.example');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Account of Anna Li' }).waitFor();
  expect(await page.locator('[data-plain-http]').count()).toBe(1);
  await expectQuiet();
});

it('a wrong code says where the right one is', async () => {
  const { page, expectQuiet } = await open({ allowed: /status of 40[13]/ });
  await page.goto(`${server.url}/console/setup`);
  await page.getByLabel('Setup code').fill('AAAA-BBBB-CCCC-DDDD');
  await page.getByLabel('E-mail').fill('anna@clinic.example');
  await page.getByLabel('Name').fill('Anna Li');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Organisation').fill('Clinic');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByText('The server’s log has it').waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe('anna@clinic.example');
  await expectQuiet();
});

it('a screen that was asked for comes after the sign-in; a wrong password says no more than that', async () => {
  const { tenant } = await setUp(server);
  const { page, expectQuiet } = await open({ allowed: /status of 401/ });
  await page.goto(`${server.url}/console/t/${tenant}/members?x=1`);
  await page.getByLabel('E-mail').fill('anna@clinic.example');
  await page.getByLabel('Password', { exact: true }).fill('not this one at all');
  await page.keyboard.press('Enter');
  await page.getByText('E-mail or password is not right.').waitFor();
  await page.getByLabel('E-mail').fill('nobody@clinic.example');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => page.getByText('E-mail or password is not right.').count()).toBe(1);
  await page.getByLabel('E-mail').fill('anna@clinic.example');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${server.url}/console/t/${tenant}/members?x=1`);
  await expectQuiet();
});
