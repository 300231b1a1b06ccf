// The playground's page as it is looked at and tabbed through: what axe finds, its length and width, where the
// keyboard goes, and its words when something is wrong.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../server/test/support/whole-server.ts';
import { playgroundOf, startPlaygroundServer } from './support/playground-server.ts';

// Each wait for something on the page may take half a minute, and a test has several.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: WholeServer;
let browser: Browser;
let page: Page;
/** Errors and warnings in the console, and exceptions. */
let errors: Set<string>;

beforeAll(async () => {
  [server, browser] = await Promise.all([startPlaygroundServer(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
afterEach(async () => {
  await page.context().close();
});

async function open(options: BrowserContextOptions = {}, address = playgroundOf(server)): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', ...options });
  page = await context.newPage();
  errors = new Set();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.add(message.text());
  });
  page.on('pageerror', (error) => errors.add(String(error)));
  await page.goto(address);
}

async function start(): Promise<void> {
  await page.locator('.start .main').click();
  await page.locator('.tips').waitFor();
}

const left = (): Locator => page.locator('.pane.left');
const chat = (): Locator => left().locator('[data-write]');

/** How many presses of Tab lead there. */
async function tabsTo(target: Locator): Promise<number> {
  for (let presses = 1; presses <= 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return presses;
  }
  return Infinity;
}

/** What of the page lies to the right of the window. */
const overflowing = (): Promise<string[]> =>
  page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth)
      .map(({ tagName, className, textContent }) => `${tagName}.${className} ${textContent.slice(0, 40)}`);
  });

it.each([
  ['wide, light, in English', { viewport: { width: 1440, height: 900 } }],
  ['narrow, dark, in Chinese', { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'zh-CN' }],
] as const)('the page has nothing that keeps anybody out: %s', async (_name, options) => {
  await open(options);
  await start();
  // Two tools at a time: a scan of the whole page takes seconds.
  for (const [first, second] of [
    [1, 3],
    [2, 5],
  ] as const) {
    await page.getByRole('tablist').first().getByRole('tab').nth(first).click();
    await page.getByRole('tablist').last().getByRole('tab').nth(second).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  expect([...errors]).toEqual([]);
});

it('the page ends where its content ends, however many frames and messages there are', async () => {
  await open();
  await start();
  for (let number = 1; number <= 8; number += 1) {
    await chat().fill(`line ${number}.`);
    await page.keyboard.press('Enter');
  }
  await left().locator('.bubble').filter({ hasText: 'line 8.' }).last().waitFor();
  // More frames than fit into their list.
  await expect
    .poll(() =>
      left()
        .getByRole('tabpanel')
        .locator('ol')
        .evaluate((list) => list.scrollHeight - list.clientHeight),
    )
    .toBeGreaterThan(100);
  expect(
    await page.evaluate(() => {
      const content = document.querySelector('main')?.getBoundingClientRect().bottom ?? 0;
      return document.documentElement.scrollHeight - Math.max(innerHeight, Math.ceil(content + scrollY));
    }),
  ).toBeLessThanOrEqual(0);
});

it.each(['en-GB', 'zh-CN'])('nothing lies beyond the side of a window of 360 pixels, in %s', async (locale) => {
  await open({ locale, viewport: { width: 360, height: 740 } });
  expect(await overflowing()).toEqual([]);
  await start();
  await left().getByRole('checkbox').first().check();
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    expect(await overflowing()).toEqual([]);
  }
  await page.locator('.two').last().getByRole('button').first().click();
  await page.locator('.people').waitFor();
  expect(await overflowing()).toEqual([]);
});

it('the keyboard is soon at the line to write in, also when much was said', async () => {
  await open();
  const startButton = page.locator('.start .main');
  await startButton.waitFor();
  await tabsTo(startButton);
  await page.keyboard.press('Enter');
  await page.locator('.tips').waitFor();
  // The start has kept the focus.
  expect(await tabsTo(chat())).toBeLessThanOrEqual(3);
  for (let number = 1; number <= 5; number += 1) {
    await page.keyboard.type(`line ${number}.`);
    await page.keyboard.press('Enter');
  }
  await left().locator('.bubble').filter({ hasText: 'line 5.' }).last().waitFor();

  await page.reload();
  await start();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.locator('.page').evaluate((element) => {
    element.tabIndex = -1;
    element.focus();
  });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await chat().evaluate((element) => element === document.activeElement)).toBe(true);
});

it('a close code is shown only for what it closed', async () => {
  await open();
  await start();
  const status = left().getByRole('status').first();
  await left().getByRole('checkbox', { name: 'Offline' }).check();
  await left().getByText('reconnecting', { exact: true }).waitFor();
  await left().getByRole('checkbox', { name: 'Offline' }).uncheck();
  await left().getByText('connected', { exact: true }).waitFor();
  await left().getByRole('button', { name: 'Disconnect' }).click();
  await left().getByText('closed', { exact: true }).waitFor();
  expect(await status.innerText()).toBe('closed');

  await left().getByRole('button', { name: 'Connect', exact: true }).click();
  await left().getByText('connected', { exact: true }).waitFor();
  await server.api('POST', '/users/alice/sign-out');
  await left().getByText('closed with 4507').waitFor();
});

it.each([
  ['en-GB', 'The server does not answer.', 'connected'],
  ['zh-CN', '服务器没有响应。', '已连接'],
])('a server that is away is said in the page’s language, %s, for as long as it is', async (locale, words, back) => {
  await open({ locale });
  await page.locator('.start .main').waitFor();
  await page.route('**/playground/**', (route) => route.abort());
  await page.locator('.start .main').click();
  const problem = page.getByRole('alert').filter({ hasText: words });
  await problem.waitFor();
  expect(await page.getByText('Failed to fetch').count()).toBe(0);
  // What is not tried is not waited for.
  await expect.poll(() => page.locator('.steps li.waiting').count()).toBe(0);
  await page.unroute('**/playground/**');
  await problem.waitFor({ state: 'detached' });
  await start();
  await left().getByText(back, { exact: true }).waitFor();
});

it('a page that was opened while the server was away goes on by itself', async () => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  page = await context.newPage();
  await page.route('**/api/v1/pages?*', (route) => route.abort());
  await page.route(/\/playground\/$/, (route) =>
    route.request().method() === 'HEAD' ? route.abort() : route.continue(),
  );
  await page.goto(playgroundOf(server));
  await page.getByText('服务器没有响应。').waitFor();
  await page.unrouteAll();
  await page.getByText('服务器没有响应。').waitFor({ state: 'detached' });
  await start();
});

it.each([
  ['light', 1440],
  ['dark', 360],
] as const)('the API’s docs keep nobody out, in %s colours, %i pixels wide', async (colorScheme, width) => {
  await open({ colorScheme, viewport: { width, height: 800 } }, `${server.url}/docs/`);
  await page.locator('.opblock-put .opblock-summary-control').first().click();
  await page.locator('.try-out__btn').first().click();
  await page.locator('.body-param__text[aria-label]').waitFor();
  // An address that can be handed on.
  expect(new URL(page.url()).hash).not.toBe('');
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => ({ id, at: nodes.map(({ target }) => target) }))).toEqual([]);
  expect(await overflowing()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.classList.contains('dark-mode'))).toBe(
    colorScheme === 'dark',
  );
});
