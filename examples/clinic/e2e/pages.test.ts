// The clinic connects where the page policies say so, and nowhere else; open pages follow a change of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type Profile, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, waitForStatus } from './support/clinic-window.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;
let profile: Profile;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest(), launchBrowser()]);
  profile = await browser.newProfile();
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

const opened = (): number => clinic.lines.filter(({ msg }) => msg === 'connection opened').length;

describe('the login page', () => {
  it('attempts not one WebSocket, and writes no error', async () => {
    const before = { attempts: clinic.proxy.webSockets, opened: opened() };
    const { page, errors, webSockets } = await profile.newPage();
    await page.goto(`${clinic.origin}/login`);
    await page.getByRole('button', { name: 'Dr. Lin' }).waitFor();
    // Once its policies were read and a further request was answered, the page has done all that it does at
    // first.
    await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('belfry:pages:')));
    await page.evaluate(() => fetch('/api/config').then((response) => response.text()));
    expect(webSockets).toEqual([]);
    expect(errors).toEqual([]);
    expect({ attempts: clinic.proxy.webSockets, opened: opened() }).toEqual(before);
    await page.close();
  });
});

describe('a tour through the clinic', () => {
  it('connects on the pages that have a use for it, and on no other', async () => {
    const views: { path: string; opens: boolean }[] = [];
    for (const personId of ['dr-lin', 'mei-wang', 'zhou', 'ada-berg'] as const) {
      const { page, webSockets } = await signIn(clinic, profile, personId);
      const home = new URL(page.url()).pathname;
      views.push({ path: '/login', opens: false }, { path: home, opens: webSockets.length === 1 });

      await page.getByRole('link', { name: 'Connection test' }).click();
      await waitForStatus(page, 'closed');
      views.push({ path: '/test-websocket', opens: webSockets.length > 1 });

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Who are you today?' }).waitFor();
      views.push({ path: '/login', opens: webSockets.length > 1 });
      await page.close();
    }

    const connecting = views.filter(({ opens }) => opens);
    const percent = Math.round((connecting.length / views.length) * 100);
    console.log(
      `${connecting.length} of ${views.length} page views open a connection (${percent} %); connecting everywhere it would be ${views.length} (100 %)`,
    );
    expect(connecting.map(({ path }) => path)).toEqual([
      '/doctor/chat',
      '/customer/chat',
      '/consultant/chat',
      '/admin',
    ]);
  }, 60_000);

  it('connects on the test page when it is asked to', async () => {
    const { page } = await signIn(clinic, profile, 'tom-baker');
    await page.getByRole('link', { name: 'Connection test' }).click();
    await waitForStatus(page, 'closed');
    await page.getByRole('main').getByRole('button', { name: 'Connect', exact: true }).click();
    await waitForStatus(page, 'connected');
    await page.getByRole('main').getByRole('button', { name: 'Disconnect' }).click();
    await waitForStatus(page, 'closed');
    await page.close();
  });
});
