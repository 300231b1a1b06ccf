// The administrator's page: who is here, live figures, notices, signing somebody out.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, type ClinicWindow } from './support/clinic-window.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;
let admin: ClinicWindow;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest(), launchBrowser()]);
  admin = await signIn(clinic, await browser.newProfile(), 'ada-berg');
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

describe('the administrator', () => {
  it('sees people come and go', async () => {
    const tom = admin.page.locator('[data-user="tom-baker"]');
    const row = admin.page.locator('.row[data-user="tom-baker"]');
    expect(await row.getAttribute('data-online')).toBe('false');

    const window = await signIn(clinic, await browser.newProfile(), 'tom-baker');
    await admin.page.locator('.row[data-user="tom-baker"][data-online="true"]').waitFor();
    await tom.getByText('Tom Baker came').waitFor();
    expect(await row.textContent()).toContain('online (desktop)');

    await window.page.close();
    await tom.getByText('Tom Baker left').waitFor();
    // Reported after a grace of some seconds: a page that is reloaded has not left.
    await admin.page.locator('.row[data-user="tom-baker"][data-online="false"]').waitFor();
  });

  it('sends everybody a notice, also those who were away', async () => {
    const mei = await signIn(clinic, await browser.newProfile(), 'mei-wang');
    await admin.page.getByLabel('Title').fill('Closed on Friday');
    await admin.page.getByLabel('Text').fill('<b>Back</b> on Monday');
    await admin.page.getByRole('button', { name: 'Send notice' }).click();
    await admin.page.getByText('Sent to 5 people.').waitFor();
    for (const { page } of [admin, mei]) await page.getByText('<b>Back</b> on Monday').waitFor();
    expect(mei.errors).toEqual([]);
    await mei.page.close();
  });

  it('signs somebody out, who then is asked who they are', async () => {
    const zhou = await signIn(clinic, await browser.newProfile(), 'zhou');
    const row = admin.page.locator('.row[data-user="zhou"]');
    await row.getByRole('button', { name: 'Sign out' }).click();
    await row.getByRole('button', { name: 'Sign Zhou Yan out of all windows?' }).click();
    await zhou.page.getByText('You were signed out.').waitFor();
    expect(new URL(zhou.page.url()).pathname).toBe('/login');
    const { webSockets } = zhou;
    const attempts = webSockets.length;
    await admin.page.locator('.row[data-user="zhou"][data-online="false"]').waitFor();
    expect(webSockets).toHaveLength(attempts);
    await zhou.page.close();
  });
});
