// Open pages follow a change of their policy.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, type ClinicWindow } from './support/clinic-window.ts';

interface Policy {
  pattern: string;
  enabled: boolean;
  features: string[];
  version: number;
}

let clinic: ClinicUnderTest;
let browser: TestBrowser;
let lin: ClinicWindow;
let policy: Policy;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest(), launchBrowser()]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

beforeEach(async () => {
  const { pages } = await clinic.api<{ pages: Policy[] }>('GET', '/pages');
  const found = pages.find(({ pattern }) => pattern === '/doctor/chat');
  if (found === undefined) throw new Error('/doctor/chat has no policy');
  policy = found;
  lin = await signIn(clinic, await browser.newProfile(), 'dr-lin');
  // From here on the test turns the page's clock: minutes pass at once.
  await lin.page.clock.install();
  await lin.openConversation('lin-mei');
});

const change = async (changes: Partial<Policy>): Promise<void> => {
  const { pattern, enabled, features } = { ...policy, ...changes };
  await clinic.api('PUT', '/pages', {
    pattern,
    enabled,
    features,
    requireAuth: true,
    autoConnect: true,
    connectionType: 'doctor_chat',
  });
};
const revert = async (): Promise<void> => {
  await clinic.api('POST', '/pages/revert', { pattern: policy.pattern, version: policy.version });
};

describe('a feature', () => {
  it('disappears from an open page when it is taken away, and comes back with it', async () => {
    const attach = lin.page.getByRole('button', { name: 'Attach a file' });
    await attach.waitFor();
    const changedAt = performance.now();
    await change({ features: policy.features.filter((feature) => feature !== 'file_upload') });
    await attach.waitFor({ state: 'detached' });
    console.log(
      `a feature taken away by API was gone from the page after ${Math.round(performance.now() - changedAt)} ms`,
    );
    await lin.page.getByRole('button', { name: 'Record a voice note' }).waitFor();

    await revert();
    await attach.waitFor();
    expect(lin.webSockets).toHaveLength(1);
    expect(lin.errors).toEqual([]);
  });

  it('is refused once it was taken away, whatever the page tries', async () => {
    await lin.page.getByRole('textbox', { name: 'Write a message' }).fill('Half a sentence');
    await change({ features: policy.features.filter((feature) => feature !== 'messaging') });
    await lin.page.getByText('Messaging is switched off on this page.').waitFor();
    expect(await lin.page.getByRole('textbox', { name: 'Write a message' }).count()).toBe(0);
    await revert();
    await lin.page.getByRole('textbox', { name: 'Write a message' }).waitFor();
  });
});

describe('a page that is disabled', () => {
  it('closes and stays closed, until it is enabled again', async () => {
    await change({ enabled: false });
    await lin.page.locator('belfry-status').waitFor({ state: 'detached' });
    await expect
      .poll(() => clinic.lines.some(({ msg, code }) => msg === 'connection closed' && code === 4503))
      .toBe(true);
    const attempts = lin.webSockets.length;
    // The network comes back, somebody looks again, minutes go by: none of it is a reason to connect.
    await lin.page.evaluate(() => dispatchEvent(new Event('online')));
    await lin.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await lin.page.clock.runFor('05:00');
    expect(lin.webSockets).toHaveLength(attempts);
    expect(await lin.page.locator('belfry-status').count()).toBe(0);

    await revert();
    // The page checks whether it may connect, by now every two minutes or so. In steps, as the answers take
    // real time.
    await expect
      .poll(
        async () => {
          await lin.page.clock.runFor('00:05');
          return await lin.page.locator('belfry-status[status="connected"]').count();
        },
        { timeout: 60_000, interval: 250 },
      )
      .toBe(1);
    await lin.say('Back again');
    await lin.page.locator('[data-state="sent"]', { hasText: 'Back again' }).waitFor();
  }, 90_000);
});
