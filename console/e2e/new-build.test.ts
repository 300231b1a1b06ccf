// A tab that is open while the server gets a new build of the console: nothing that is typed is lost to it.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let owner: Person;
let opened: Watched | undefined;

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  owner = await setUp(server);
});
afterEach(async () => {
  await opened?.context.close();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** The profile, in a tab that has found out that there is a new build. */
async function openOld(): Promise<Page> {
  opened = await openWatched(browser, { url: server.url });
  const { page, context } = opened;
  await owner.enter(context);
  await page.goto(`${server.url}/console/account/profile`);
  await page.locator('[name=name]').waitFor();
  await page.route('**/_app/version.json*', (route) => route.fulfill({ json: { version: 'a newer one' } }));
  await page.evaluate(() => void Object.assign(globalThis, { isOldPage: true }));
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.getByText('A new version is there.').waitFor();
  return page;
}

const isOld = (page: Page): Promise<boolean> => page.evaluate(() => 'isOldPage' in globalThis);

it('the next screen is loaded from the new build', async () => {
  const page = await openOld();
  expect(await isOld(page)).toBe(true);
  await page.getByRole('link', { name: 'Members' }).first().click();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  expect(await isOld(page)).toBe(false);
  await opened?.expectQuiet();
});

it('what is typed stays: the page is loaded anew when it was saved or given up', async () => {
  const page = await openOld();
  await page.locator('[name=name]').fill('Anna Lee');
  await page.getByRole('link', { name: 'Members' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stay' }).click();
  expect(await isOld(page)).toBe(true);
  expect(await page.locator('[name=name]').inputValue()).toBe('Anna Lee');
  await page.getByRole('link', { name: 'Members' }).first().click();
  await dialog.getByRole('button', { name: 'Leave and discard' }).click();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  expect(await isOld(page)).toBe(false);
  await opened?.expectQuiet();
});
