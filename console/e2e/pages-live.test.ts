// A feature that is turned off in the console is gone from the clinic's open tabs within a second, and the console
// counts the tabs that took it to the end.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchBrowser, type TestBrowser } from '../../examples/clinic/e2e/support/browser.ts';
import { startClinicUnderTest, type ClinicUnderTest } from '../../examples/clinic/e2e/support/clinic-under-test.ts';
import { signIn, type ClinicWindow } from '../../examples/clinic/e2e/support/clinic-window.ts';
import { SocketClient } from '../../platform/server/test/support/socket-client.ts';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { setUp, type Person } from './support/console-server.ts';
import { countSteps } from './support/counted-steps.ts';
import { openWatched, type Watched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let clinic: ClinicUnderTest;
let clinicBrowser: TestBrowser;
let browser: Browser;
let anna: Person;
let url = '';
let watched: Watched | undefined;
const tabs: ClinicWindow[] = [];

beforeAll(async () => {
  clinic = await startClinicUnderTest();
  [clinicBrowser, browser] = [await launchBrowser(), await launchChromium()];
  ({ url } = clinic.proxy);
  const setupCode = async () => /setup#code=([\w-]+)/.exec(JSON.stringify(clinic.lines))?.[1];
  anna = await setUp({ url, server: { setupCode } });
  for (const person of ['dr-lin', 'dr-lin', 'dr-lin'] as const) {
    const tab = await signIn(clinic, await clinicBrowser.newProfile(), person);
    await tab.openConversation('lin-mei');
    tabs.push(tab);
  }
});
afterAll(async () => {
  await clinicBrowser.close();
  await browser.close();
  await clinic.stop();
});
afterEach(async () => {
  await watched?.context.close();
});

async function openMatrix(): Promise<Watched> {
  watched = await openWatched(browser, { url });
  await anna.enter(watched.context);
  await watched.page.goto(`${url}/console/a/clinic/pages?view=matrix`);
  return watched;
}

const pattern = '/doctor/chat';
const cell = (page: Page) => page.locator(`[data-page="${pattern}"] [data-field="feature voice_note"]`);
const bar = (page: Page) => page.locator(`[data-rollout="${pattern}"]`);
const recorders = () =>
  Promise.all(tabs.map(({ page }) => page.getByRole('button', { name: 'Record a voice note' }).count()));

it('voice notes go off in two clicks, are gone in three open tabs, and come back by Undo', async () => {
  const { page, expectQuiet } = await openMatrix();
  await expect.poll(() => bar(page).innerText()).toMatch(/3 of 3\s+v1/);
  await expect.poll(recorders).toEqual([1, 1, 1]);
  const steps = await countSteps(page);
  await cell(page).click();
  await page.getByText('3 open tabs lose Voice notes within a second.').waitFor();
  await page.getByRole('button', { name: 'Turn off now' }).click();
  await expect.poll(recorders).toEqual([0, 0, 0]);
  await expect.poll(() => bar(page).innerText()).toMatch(/3 of 3\s+v2/);
  expect(await steps()).toEqual({ keys: 0, clicks: 2 });
  await page.getByText('Voice notes is off on /doctor/chat (v2)').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(recorders).toEqual([1, 1, 1]);
  await expect.poll(() => bar(page).innerText()).toMatch(/3 of 3\s+v3/);
  await page.goto(`${url}/console/a/clinic/pages/history?pattern=${encodeURIComponent(pattern)}`);
  await page.locator('[data-version="3"]').getByText('+ voice_note').waitFor();
  expect(await page.locator('[data-version="2"]').innerText()).toMatch(/Anna Li[\s\S]*− voice_note/);
  await expectQuiet();
});

it('a tab that does not confirm is counted as left, until it does', async () => {
  const { token } = await clinic.api<{ token: string }>('POST', '/tokens', { userId: 'dr-lin' });
  const client = await SocketClient.open({ url }, 'clinic');
  const device = { id: 'held', type: 'desktop' };
  const connect = { page: pattern, device, visible: true, token, policyVersion: 3 };
  expect(await client.ask('connect', connect)).toMatchObject({ ok: true });
  const { page, expectQuiet } = await openMatrix();
  await expect.poll(() => bar(page).innerText()).toMatch(/4 of 4\s+v3/);
  await cell(page).click();
  await page.getByRole('button', { name: 'Turn off now' }).click();
  await expect.poll(() => bar(page).innerText()).toMatch(/3 of 4\s+1 left/);
  // The segment leads to exactly that connection, by one click.
  const steps = await countSteps(page);
  await bar(page).getByRole('link').click();
  await page.getByRole('heading', { name: 'Connections' }).waitFor();
  await page.locator('[data-row]').first().waitFor();
  await expect.poll(() => page.locator('[data-row]').count()).toBe(1);
  expect(await steps()).toEqual({ keys: 0, clicks: 1 });
  await page.goBack();
  await client.ask('heartbeat', { policyVersion: 4 });
  await expect.poll(() => bar(page).innerText()).toMatch(/4 of 4\s+v4/);
  await client.end();
  await expectQuiet();
});
