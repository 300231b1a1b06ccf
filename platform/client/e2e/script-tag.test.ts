// A page without a bundler: one script from the server, the status element, in light and dark, English and
// Chinese. What the element does in each state: src/element.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBrowserBuild } from '../../../scripts/browser-build.ts';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import '../src/element/index.ts';
import { startBlankSite, type BlankSite } from './support/blank-site.ts';

let site: BlankSite;
let server: WholeServer;
let browser: Browser;

beforeAll(async () => {
  await ensureBrowserBuild({ say: () => undefined });
  server = await startWholeServer();
  site = await startBlankSite(html());
  browser = await launchChromium();
}, 60_000);
afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

const html = (): string => `<!doctype html><title>Chat</title><link rel="icon" href="data:,">
  <style>html { color-scheme: light dark; font: 16px sans-serif }</style>
  <main><h1>Chat</h1><belfry-status></belfry-status></main>
  <script src="${server.url}/sdk/belfry.global.js"></script>
  <script>
    const given = new URLSearchParams(location.search);
    document.documentElement.lang = given.get('lang');
    const belfry = Belfry.createBelfry({ app: 'demo', url: '${server.url}', getToken: () => given.get('token') });
    document.querySelector('belfry-status').belfry = belfry;
    belfry.start();
  </script>`;

interface Look {
  lang: string;
  scheme: 'light' | 'dark';
}

async function openPage({ lang, scheme }: Look): Promise<{ page: Page; problems: string[] }> {
  const token = await server.tokenOf('alice');
  const profile = await browser.newContext({ colorScheme: scheme });
  const page = await profile.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (said) => {
    if (said.type() === 'error') problems.push(said.text());
  });
  await page.goto(`${site.url}/chat?${new URLSearchParams({ lang, token })}`);
  return { page, problems };
}

test.each<[Look, Record<'connected' | 'closed' | 'disconnect' | 'connect', string>]>([
  [
    { lang: 'en', scheme: 'light' },
    { connected: 'Connected', closed: 'Disconnected', disconnect: 'Disconnect', connect: 'Connect' },
  ],
  [
    { lang: 'zh', scheme: 'dark' },
    { connected: '已连接', closed: '未连接', disconnect: '断开', connect: '连接' },
  ],
])('the status element connects and disconnects, and axe finds nothing: %j', async (look, texts) => {
  const { page, problems } = await openPage(look);
  const status = page.getByRole('status');
  await status.filter({ hasText: texts.connected }).waitFor();

  await page.getByRole('button', { name: texts.disconnect }).click();
  await status.filter({ hasText: texts.closed }).waitFor();
  await page.keyboard.press('Enter');
  await status.filter({ hasText: texts.connected }).waitFor();

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('while the network is away it says so and counts down, and comes back with it', async () => {
  const { page } = await openPage({ lang: 'en', scheme: 'light' });
  const status = page.getByRole('status');
  await status.filter({ hasText: 'Connected' }).waitFor();
  await page.context().setOffline(true);
  await page.evaluate(() => document.querySelector('belfry-status')?.belfry?.disconnect());
  await page.evaluate(() => document.querySelector('belfry-status')?.belfry?.connect());

  await page.getByText(/next attempt in \d+ s/).waitFor();
  await page.getByRole('button', { name: 'Try now' }).waitFor();
  await page.context().setOffline(false);
  await status.filter({ hasText: 'Connected' }).waitFor();
  await page.context().close();
});
