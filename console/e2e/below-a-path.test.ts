// The console of a server that a proxy has below a path: nothing it does leaves that path.
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { password, setUp, startConsoleServer } from './support/console-server.ts';
import { startPrefixProxy, type PrefixProxy } from './support/prefix-proxy.ts';
import { openWatched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let proxy: PrefixProxy;

beforeAll(async () => {
  proxy = await startPrefixProxy('/belfry');
  [server, browser] = await Promise.all([
    startConsoleServer({ env: { PUBLIC_URL: proxy.url, TRUST_PROXY: '1' } }),
    launchChromium(),
  ]);
  proxy.leadTo(server.server.address);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await proxy.stop();
});

it('a deep link, the sign-in, live data and the ways between screens stay below the path', async () => {
  const { tenant } = await setUp({ ...server, url: server.server.address });
  const { page, context, requests, expectQuiet } = await openWatched(browser, { url: proxy.url });
  await page.goto(`${proxy.url}/console/t/${tenant}/members`);
  await page.getByLabel('E-mail').fill('anna@clinic.example');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${proxy.url}/console/t/${tenant}/members`);
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await page
    .getByText(/^live( \d+ ms)?$/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Audit' }).first().click();
  await page.getByRole('heading', { name: 'Audit' }).waitFor();
  await page.reload();
  await page.locator('[data-row]').first().waitFor();
  // Browsers ask for an icon by themselves.
  expect(proxy.outside.filter((path) => path !== '/favicon.ico')).toEqual([]);
  expect(
    requests.filter((address) => !address.startsWith(`${proxy.url}/`) && !/^(?:data|blob):/.test(address)),
  ).toEqual([]);
  await expectQuiet();
  await context.close();
});
