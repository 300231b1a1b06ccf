// The first minutes, without a terminal: from the printed address to a message that arrives in an app of one's own,
// and then to a page of one's own that is connected to it.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Locator } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { password, startConsoleServer } from './support/console-server.ts';
import { openWatched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let shop: Server | undefined;
beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
});
afterAll(async () => {
  shop?.close();
  await browser.close();
  await server.stop();
});

it('from the printed address to a message at Bob in twelve clicks and four fields, and on to one’s own page', async () => {
  const { page, requests, expectQuiet } = await openWatched(browser, { url: server.url });
  let [clicks, fields] = [0, 0];
  const click = async (target: Locator): Promise<void> => {
    clicks += 1;
    await target.click();
  };
  const type = async (label: string, text: string): Promise<void> => {
    fields += 1;
    await page.getByLabel(label, { exact: true }).fill(text);
  };
  const code = (await server.server.setupCode()) ?? '';
  const startedAt = performance.now();
  clicks += 1;
  await page.goto(`${server.url}/console/setup#code=${code}`);
  await type('E-mail', 'anna@clinic.example');
  await expect.poll(() => page.url()).not.toContain(code);
  await type('Name', 'Anna Li');
  await type('Password', password);
  await type('Organisation', 'Clinic');
  await click(page.getByRole('button', { name: 'Create the account' }));
  await click(page.getByRole('radio', { name: /^Chat/ }));
  // The name and the key are those of the template until somebody says others.
  expect(await page.getByLabel('Key', { exact: true }).inputValue()).toBe('chat');
  await click(page.getByRole('button', { name: 'Create the app' }));
  const key = await page.locator('[data-secret]').innerText();
  await click(page.getByRole('button', { name: 'I do not need it now' }));
  await click(page.getByRole('button', { name: 'Say hello' }));
  const bob = page.getByRole('region', { name: 'Bob' });
  await bob.getByText('Hello, Bob!').waitFor();
  const journey = page.getByRole('region', { name: 'What became of the last message' });
  await journey.getByText('seen', { exact: true }).waitFor();
  expect(performance.now() - startedAt).toBeLessThan(60_000);
  expect(clicks).toBeLessThanOrEqual(12);
  expect(fields).toBeLessThanOrEqual(4);
  await expect.poll(() => page.url()).toContain('/a/chat/playground');

  await page.getByRole('link', { name: 'Connect your own page' }).click();
  await page.getByText('Waiting for Chat').waitFor();
  const visitor = await browser.newPage();
  await visitor.goto(await serve(await page.locator('pre').first().innerText(), key));
  await page.getByText(/^First connection: desktop on \/chat/).waitFor();
  expect(requests.filter((address) => address.includes(code) || address.includes(key))).toEqual([]);
  await visitor.close();
  await expectQuiet();

  const again = await openWatched(browser, { url: server.url });
  await again.page.goto(`${server.url}/console/setup#code=${code}`);
  await again.page.getByText('There is an administrator. Sign in.').waitFor();
  await again.expectQuiet();
  await again.context.close();
});

/** Somebody's page with the lines of the screen, whose back end asks for tokens with the key. */
async function serve(code: string, key: string): Promise<string> {
  shop = createServer((request, response) => {
    if (request.url !== '/belfry-token') {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>Shop</title>${code}`);
      return;
    }
    void fetch(`${server.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'alice' }),
    }).then(async (answer) => response.setHeader('content-type', 'application/json').end(await answer.text()));
  });
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
}
