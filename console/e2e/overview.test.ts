// The overview of an app: its charts, live and of days. Against a whole server.
import type { Browser, Locator } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { createClients, type Clients } from '../../platform/server/test/support/clients.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { fillFigures, startVersion } from './support/figures.ts';
import { openWatched, type Watched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let clients: Clients;
let opened: Watched[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  anna = await setUp(server);
  clients = createClients(() => server);
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
  await clients.closeAll();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function openAt(path: string): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url });
  opened.push(watched);
  await anna.enter(watched.context);
  await watched.page.goto(`${server.url}/console/a/demo${path}`);
  return watched;
}

it('charts share a cross-hair with the values of all lines, are read out and in a table; Back leaves a part one drew', async () => {
  await clients.connect({ userId: 'ann', page: '/chat' });
  const { page, expectQuiet } = await openAt('/overview');
  const chart = page.getByRole('img', { name: /^Connections by device: \d+ now, lowest \d+ at .+, highest \d+ at / });
  // The first figures are there after ten seconds of the app.
  await chart.waitFor({ timeout: 30_000 });
  const box = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = (share: number): [number, number] => [box.x + box.width * share, box.y + 60];
  await page.mouse.move(...at(0.5));
  await expect.poll(() => page.locator('[data-cross-hair]').count()).toBe(3);
  await page.mouse.move(...at(0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.5), { steps: 3 });
  await page.mouse.up();
  await page.getByText('the charts stand still', { exact: false }).waitFor();
  const query = new URL(page.url()).searchParams;
  const partMs = Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '');
  expect(Math.abs(partMs - 900_000)).toBeLessThan(30_000);
  await page.goBack();
  await page.getByText('the charts stand still', { exact: false }).waitFor({ state: 'detached' });
  expect(page.url()).not.toContain('from=');
  await page.getByRole('button', { name: 'as table' }).first().click();
  await page.getByRole('columnheader', { name: 'desktop' }).waitFor();
  await expectQuiet();
});

it('the overview goes back for days, beside the time before, with what was changed, and says of when it knows nothing', async () => {
  await fillFigures(server, { minutes: 150, hours: 60 });
  const policy = { pattern: '/wing', enabled: true };
  await anna.call('POST', '/apps/demo/pages/changes', { changes: [{ op: 'put', ifVersion: 0, policy }] });
  const { page, expectQuiet } = await openAt('/overview?range=6h');
  const connections = page.getByRole('region', { name: 'Connections by device' });
  const chart = connections.getByRole('img');
  await connections.getByText(/^Nothing is known of before/).waitFor({ state: 'detached' });
  await page.getByText('Steps of 1 minute.', { exact: false }).waitFor();
  await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/^Connections by device: \d+ now, lowest \d+ at /);
  await page.keyboard.press('5');
  await page.getByText('Steps of 30 minutes.', { exact: false }).waitFor();
  expect(new URL(page.url()).searchParams.get('range')).toBe('7d');
  // Sixty hours are known of the seven days.
  await connections.getByText(/^Nothing is known of before \S+ \S+, \d\d:\d\d\.$/).waitFor();
  const unknown = await connections.locator('[data-unknown]').boundingBox();
  const whole = await chart.boundingBox();
  expect((unknown?.width ?? 0) / (whole?.width ?? 1)).toBeCloseTo(1 - 60 / (7 * 24), 1);
  // Of the hour before there are minutes.
  await page.keyboard.press('2');
  await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe('1h');
  await page.keyboard.press('c');
  await expect.poll(() => connections.locator('[data-before]').getAttribute('d')).toMatch(/^M[\d. ]+L/);
  await connections.getByText('Connections before').waitFor();
  await expect.poll(() => chart.getAttribute('aria-label')).toMatch(/Connections before \d+ now/);
  await connections.getByRole('button', { name: 'as table' }).click();
  await connections.getByRole('columnheader', { name: 'Connections before' }).waitFor();
  await connections.getByRole('button', { name: 'as chart' }).click();
  const change = connections.getByRole('link', { name: /^Page created \/wing, Anna Li, / });
  await change.focus();
  await page.keyboard.press('Enter');
  await page.locator('aside').getByText('/wing', { exact: false }).first().waitFor();
  await page.goBack();
  const wrong = page.getByRole('region', { name: 'Where it goes wrong' }).getByRole('link').first();
  const asked = new URL((await wrong.getAttribute('href')) ?? '', page.url());
  expect(asked.pathname).toMatch(/\/messages$/);
  expect(asked.searchParams.get('reason')).toBe('target_gone');
  expect(Date.parse(asked.searchParams.get('to') ?? '') - Date.parse(asked.searchParams.get('from') ?? '')).toBe(
    3_600_000,
  );
  await expectQuiet();
});

it('the push funnel leads to its messages, and says since when it counts; marks name new versions; nodes are named', async () => {
  await startVersion(server, { at: Date.now() - 20 * 60_000, version: '9.9.9' });
  await clients.connect({ userId: 'ann', page: '/chat' });
  // What the test before kept is of the last two and a half hours.
  const { page, expectQuiet } = await openAt('/overview?range=1h');
  const funnel = page.getByRole('region', { name: 'Push funnel' });
  const row = (id: string) => funnel.locator(`[data-funnel="${id}"]`);
  const counted = async (id: string) => Number((await row(id).locator('.tabular-nums').first().innerText()).trim());
  await row('may').waitFor();
  const may = await counted('may');
  expect(may).toBeGreaterThan(5_000);
  const ids = ['seen', 'withheld', 'covered', 'pushed', 'failed', 'open'];
  const sum = (await Promise.all(ids.map(counted))).reduce((before, count) => before + count, 0);
  expect(sum).toBe(may);
  expect(await row('withheld').innerText()).toMatch(/muted by the user \d+\s+no push target \d+/);
  const asked = async (link: Locator) => new URL((await link.getAttribute('href')) ?? '', page.url()).searchParams;
  const pushed = await asked(row('pushed').getByRole('link'));
  expect(pushed.getAll('reason')).toEqual(['accepted_by_provider', 'delivered', 'opened']);
  expect(Date.parse(pushed.get('to') ?? '') - Date.parse(pushed.get('from') ?? '')).toBe(3_600_000);
  expect((await asked(row('withheld').getByRole('link').nth(1))).getAll('reason')).toEqual(['muted']);

  const chart = page.getByRole('region', { name: 'Connections by device' });
  await chart.getByRole('img', { name: /^Version 9\.9\.9 started, / }).waitFor({ state: 'attached' });
  await page
    .getByRole('region', { name: 'Nodes' })
    .getByText(/gateway and worker · \d/)
    .waitFor();
  await page.getByRole('region', { name: 'Nodes' }).getByText('1 connection').waitFor();
  expect(await page.locator('[data-sparkline]').count()).toBe(5);

  await page.keyboard.press('5');
  await funnel.getByText(/It is counted since \d\d:\d\d\.$/).waitFor();
  // Of people and connections there is no part, though it is the mean of half an hour.
  const values = await chart.locator('[data-values]').innerText();
  expect(values).toMatch(/desktop\s+\d+/);
  expect(values).not.toMatch(/\d\.\d/);

  const to = new Date(Date.now() - 5 * 86_400_000);
  const from = new Date(to.getTime() - 3_600_000);
  await page.goto(`${server.url}/console/a/demo/overview?from=${from.toISOString()}&to=${to.toISOString()}`);
  await funnel.getByText(/^Not kept then: this is counted since /).waitFor();

  await row('seen').waitFor({ state: 'detached' });
  await page.goto(`${server.url}/console/a/demo/overview`);
  await row('pushed').getByRole('link').click();
  await page.getByRole('heading', { name: 'Messages' }).waitFor();
  await page.getByText('reason:opened', { exact: false }).first().waitFor();
  await expectQuiet();
});
