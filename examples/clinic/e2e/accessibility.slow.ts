// axe finds nothing serious on any page of the clinic, light or dark, wide or narrow; and the keyboard alone
// is enough.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn } from './support/clinic-window.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest({ opening: true }), launchBrowser()]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const found = serious.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => [id, target, failureSummary]),
  );
  expect(found).toEqual([]);
}

/** Nothing is cut off at the side. */
async function expectNoSideScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

describe.each([
  ['light', 1440, 'en-GB'],
  ['dark', 360, 'zh-CN'],
] as const)('in %s colours, %i pixels wide, in %s', (colorScheme, width, locale) => {
  it('every page can be used by everybody', async () => {
    const profile = await browser.newProfile({ colorScheme, locale, viewport: { width, height: 760 } });
    const login = await profile.newPage();
    await login.page.goto(`${clinic.origin}/login`);
    await login.page.locator('.person').first().waitFor();
    await expectAccessible(login.page);
    await expectNoSideScroll(login.page);

    const lin = await signIn(clinic, profile, 'dr-lin');
    await lin.page.locator('[data-conversation="lin-mei"]').waitFor();
    await expectAccessible(lin.page);
    await expectNoSideScroll(lin.page);
    await lin.page.locator('[data-conversation="lin-mei"]').click();
    await lin.page.locator('[data-message]').first().waitFor();
    await expectAccessible(lin.page);
    await expectNoSideScroll(lin.page);

    const admin = await signIn(clinic, profile, 'ada-berg');
    await admin.page.locator('.figure').first().waitFor();
    await admin.page.locator('.row[data-user="dr-lin"][data-online="true"]').waitFor();
    await expectAccessible(admin.page);
    await expectNoSideScroll(admin.page);

    await admin.page.goto(`${clinic.origin}/test-websocket`);
    await admin.page.locator('.facts').waitFor();
    await expectAccessible(admin.page);
    await expectNoSideScroll(admin.page);
    for (const { page } of [login, lin, admin]) await page.close();
  }, 90_000);
});

it('a message is written and sent with the keyboard alone', async () => {
  const { page } = await signIn(clinic, await browser.newProfile(), 'zhou');
  await page.locator('[data-conversation="care-team"]').focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'Write a message' });
  await field.waitFor();
  for (
    let presses = 0;
    presses < 40 && !(await field.evaluate((element) => element === document.activeElement));
    presses += 1
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('Without a mouse');
  await page.keyboard.press('Enter');
  await page.locator('[data-state="sent"]', { hasText: 'Without a mouse' }).waitFor();
});
