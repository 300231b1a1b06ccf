// The pages of the docs that the server itself gives out: they can be used by everybody, the API is tried out
// as it is filled in, and nothing on them is refused by their own content security policy.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import { apiKey } from '../test/support/provision.ts';
import { startWholeServer, type WholeServer } from '../test/support/whole-server.ts';

let server: WholeServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([startWholeServer(), launchChromium()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function open(path: string, colorScheme: 'light' | 'dark'): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ colorScheme, locale: 'en-GB', viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${server.url}${path}`);
  return { page, complaints };
}

async function violationsOn(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary]));
}

test.each(['light', 'dark'] as const)(
  'axe finds nothing on the pages about errors, in %s colours',
  async (colors) => {
    for (const path of ['/docs/errors/', '/docs/errors/not_found', '/docs/errors/4503']) {
      const { page, complaints } = await open(path, colors);
      await page.locator('h1').waitFor();
      expect(await violationsOn(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  },
  60_000,
);

test.each(['light', 'dark'] as const)(
  'axe finds nothing on the API page, shut or open, in %s colours',
  async (colors) => {
    const { page, complaints } = await open('/docs/', colors);
    await page.locator('#operations-Messages-sendMessage').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.locator('#operations-Messages-sendMessage .opblock-summary-control').click();
    await page.locator('#operations-Messages-sendMessage .opblock-body').waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  },
  150_000,
);

test('"Try it out" works with what it fills in', async () => {
  const { page } = await open('/docs/', 'light');
  await page.locator('button.authorize').first().click();
  await page.locator('.auth-container input').first().fill(apiKey);
  await page.locator('.auth-container button[type=submit]').first().click();
  await page.locator('.btn-done').first().click();
  expect(await tryOut(page, 'Conversations', 'putConversation')).toBe('201');
  expect(await tryOut(page, 'Messages', 'sendMessage')).toBe('201');
  expect(await tryOut(page, 'Messages', 'listMessages')).toBe('200');
  expect(await tryOut(page, 'Conversations', 'listConversations')).toBe('200');
  expect(await tryOut(page, 'Broadcasts', 'sendBroadcast')).toBe('202');
  await page.context().close();
}, 120_000);

/** The status that the page shows after its two buttons were pressed, and nothing was typed. */
async function tryOut(page: Page, tag: string, operationId: string): Promise<string> {
  const operation = page.locator(`#operations-${tag}-${operationId}`);
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  await operation.locator('.execute').click();
  const status = operation.locator('.live-responses-table .response-col_status').last();
  await status.waitFor();
  return ((await status.textContent()) ?? '').trim().slice(0, 3);
}
