// Tokens that expire while a page is open, and users whose access is revoked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn } from './support/clinic-window.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest({ tokenSeconds: 6 }), launchBrowser()]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

describe('a token that ends', () => {
  it('is renewed before that, on the same connection, and nobody notices', async () => {
    const lin = await signIn(clinic, await browser.newProfile(), 'dr-lin');
    await lin.openConversation('lin-mei');
    await lin.page.evaluate(() => {
      const status = document.querySelector('belfry-status');
      const seen: string[] = ((window as unknown as { seen: string[] }).seen = []);
      new MutationObserver(() => seen.push(status?.getAttribute('status') ?? '')).observe(status as Node, {
        attributeFilter: ['status'],
      });
    });
    let tokens = 0;
    lin.page.on('response', (response) => {
      if (response.url().endsWith('/api/belfry-token') && response.ok()) tokens += 1;
    });
    // Six seconds each: with the third one the first has ended.
    await expect.poll(() => tokens, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
    await lin.say('Still here');
    await lin.page.locator('[data-state="sent"]', { hasText: 'Still here' }).waitFor();
    expect(lin.webSockets).toHaveLength(1);
    expect(await lin.page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
    expect(lin.errors).toEqual([]);
  }, 90_000);
});

describe('a user who is signed out by the server', () => {
  it('ends at the login page, and no attempt follows', async () => {
    const mei = await signIn(clinic, await browser.newProfile(), 'mei-wang');
    await clinic.api('POST', '/users/mei-wang/sign-out');
    await mei.page.getByText('You were signed out.').waitFor();
    expect(new URL(mei.page.url()).pathname).toBe('/login');
    const closed = () => clinic.lines.filter(({ msg, code }) => msg === 'connection closed' && code === 4507);
    // The log is written in batches.
    await expect.poll(closed).toHaveLength(1);
    await mei.page.evaluate(() => dispatchEvent(new Event('online')));
    await mei.page.reload();
    await mei.page.getByRole('button', { name: 'Mei Wang' }).waitFor();
    expect(mei.webSockets).toHaveLength(1);
  });
});
