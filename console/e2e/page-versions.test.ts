// Two versions of a page policy beside each other: chosen, shared by an address, and left by Back.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let opened: Watched[] = [];
const pattern = '/ward/:id';
const policy = {
  pattern,
  enabled: true,
  requireAuth: true,
  autoConnect: true,
  connectionType: 'v',
  features: ['messaging'],
};
/** The last of them takes the page away. */
const versions = 7;

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  anna = await setUp(server);
  const states = [
    policy,
    { ...policy, features: ['messaging', 'voice_note'] },
    { ...policy, features: ['messaging', 'voice_note'], requireRoles: ['nurse', 'doctor'] },
    { ...policy, features: ['voice_note'], requireRoles: ['nurse'], connectionType: 'care' },
    { ...policy, enabled: false },
    { ...policy, autoConnect: false },
  ];
  for (const [at, state] of states.entries()) {
    await anna.call('POST', '/apps/demo/pages/changes', { changes: [{ op: 'put', ifVersion: at, policy: state }] });
  }
  const query = `pattern=${encodeURIComponent(pattern)}`;
  await anna.call('DELETE', `/apps/demo/pages?${query}`, undefined, { 'If-Match': '"v6"' });
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function openHistory(query: string, options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  await anna.enter(watched.context);
  await watched.page.goto(`${server.url}/console/a/demo/pages/history${query}`);
  await watched.page.locator('[data-version]').first().waitFor();
  return watched;
}

const of = `?pattern=${encodeURIComponent(pattern)}`;
/** Each field that differs, with what either version says. */
const differences = (page: Page): Promise<string[][]> =>
  page
    .locator('[data-field]')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.getAttribute('data-field') ?? '',
        ...[...row.querySelectorAll('td')].map(
          (cell) => [...cell.querySelectorAll('bdi')].map((each) => each.textContent).join(' ') || '–',
        ),
      ]),
    );

it('any two versions are compared, in words and field by field, and the address is of these two', async () => {
  const { page, expectQuiet } = await openHistory(of);
  await page.getByRole('link', { name: 'Compare v2' }).click();
  await page.getByRole('heading', { name: 'Two versions compared' }).waitFor();
  await page.locator(`[data-compared="2 ${versions}"]`).getByText('removed').waitFor();
  await page.getByRole('combobox', { name: 'With' }).selectOption('4');
  await expect.poll(() => new URL(page.url()).search).toContain('version=2&with=4');
  await expect
    .poll(() => differences(page))
    .toEqual([
      ['requireRoles', '–', 'nurse'],
      ['connectionType', 'v', 'care'],
      ['feature messaging', 'on', 'off'],
    ]);
  const words = await page.locator('[data-compared]').innerText();
  expect(words).toContain('− messaging');
  await page.getByRole('combobox', { name: 'Version', exact: true }).selectOption('3');
  await expect.poll(() => differences(page)).toContainEqual(['requireRoles', 'nurse doctor', 'nurse']);
  await page.goBack();
  await page.locator('[data-compared="2 4"]').waitFor();
  await page.goBack();
  await page.locator(`[data-compared="2 ${versions}"]`).waitFor();
  await page.goForward();
  await page.locator('[data-compared="2 4"]').waitFor();
  await page.getByRole('button', { name: 'Compare no more' }).click();
  await page.locator('[data-compared]').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe(of);
  await expectQuiet();
});

it('an address opens two versions, by keyboard and at 360 pixels too, and says which is not there', async () => {
  const { page, expectQuiet } = await openHistory(`${of}&version=1&with=3`, { viewport: { width: 360, height: 740 } });
  await expect
    .poll(() => differences(page))
    .toEqual([
      ['requireRoles', '–', 'nurse doctor'],
      ['feature voice_note', 'off', 'on'],
    ]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.getByRole('combobox', { name: 'With' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-compared="1 2"]').waitFor();
  // The choice keeps the focus.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
  await page.goto(`${server.url}/console/a/demo/pages/history${of}&version=99&with=3`);
  await page.getByText('v99 of this page is not there, or not kept.').waitFor();
  await expectQuiet();
});

it('versions that are further back than the list has been read are read', async () => {
  for (let count = 0; count < 105; count += 1) {
    const next = { ...policy, pattern: '/many', connectionType: `t${count}` };
    await anna.call('POST', '/apps/demo/pages/changes', { changes: [{ op: 'put', ifVersion: count, policy: next }] });
  }
  const { page, expectQuiet } = await openHistory('?pattern=/many&version=1&with=105');
  await expect.poll(() => differences(page)).toEqual([['connectionType', 't0', 't104']]);
  await expectQuiet();
});
