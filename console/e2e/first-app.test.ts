// The first minutes: from the printed address to an app of one's own with a page that is connected, without a
// terminal. How a message arrives there is for when the playground is a screen.
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

it('from the printed address to the first connection in twelve clicks and five fields', async () => {
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
  clicks += 1;
  await page.goto(`${server.url}/console/setup#code=${code}`);
  await type('E-mail', 'anna@clinic.example');
  await type('Name', 'Anna Li');
  await type('Password', password);
  await type('Organisation', 'Clinic');
  await click(page.getByRole('button', { name: 'Make the account' }));
  await page.getByRole('button', { name: 'Account of Anna Li' }).waitFor();
  await click(page.getByRole('link', { name: 'Apps' }).first());
  await click(page.getByRole('link', { name: 'New app' }));
  await type('Name of the app', 'Shop');
  await click(page.getByRole('button', { name: 'Make the app' }));
  const key = await page.locator('[data-secret]').innerText();
  await click(page.getByRole('button', { name: 'I do not need it now' }));
  await click(page.getByRole('button', { name: 'Go on' }));
  await page.getByText('Waiting for Shop').waitFor();
  const visitor = await browser.newPage();
  await visitor.goto(await serve(await page.locator('pre').first().innerText(), key));
  await page.getByText(/^First connection: desktop on \/chat/).waitFor();
  expect(clicks).toBeLessThanOrEqual(12);
  expect(fields).toBeLessThanOrEqual(5);
  expect(requests.filter((address) => address.includes(code) || address.includes(key))).toEqual([]);
  await visitor.close();
  await expectQuiet();
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
