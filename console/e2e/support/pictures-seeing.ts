// Pictures of the screens that show what happens in an app. Which looks they are taken in: pictures.ts.
import type { Page } from 'playwright';

type Take = (state: string) => Promise<unknown>;

/** `app`: the address of the app's screens. */
export async function takeSeeing(page: Page, take: Take, app: string): Promise<void> {
  await page.goto(`${app}/overview`);
  await page.locator('svg[role=img]').first().waitFor();
  await page.locator('[data-tile]').first().waitFor();
  await page.waitForLoadState('networkidle');
  await take('a-overview');
  for (const [state, asked] of [
    ['a-overview-day', 'range=24h&compare=1'],
    ['a-overview-week', 'range=7d'],
  ] as const) {
    await page.goto(`${app}/overview?${asked}`);
    await page.locator('svg[role=img] path').first().waitFor();
    await page.waitForLoadState('networkidle');
    await take(state);
  }
  await page.goto(`${app}/live`);
  await page.locator('main li').nth(3).waitFor();
  await take('a-live');
  await page.locator('main li button').first().click();
  await page.locator('aside pre').waitFor();
  await take('a-live-drawer');
  await page.goto(`${app}/connections`);
  await page.locator('[data-row]').first().waitFor();
  await take('a-connections');
  await page.getByText('alice', { exact: true }).first().click();
  await page.locator('aside dl').waitFor();
  await take('a-connections-drawer');
  await page.locator('aside button[aria-pressed]').nth(1).click();
  await page.locator('aside ol li').nth(1).waitFor();
  await take('a-connections-frames');
  await page.locator('aside button[aria-pressed]').last().click();
  await page.locator('aside [data-past]').first().waitFor();
  await take('a-connections-history');
  await page.keyboard.press('Escape');
  await page.locator('[data-filter]').fill('page:');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await take('a-connections-completion');
  await page.goto(`${app}/connections?page=/nowhere&device=mobile`);
  await page.locator('main p').last().waitFor();
  await take('a-connections-no-match');
  await page.goto(`${app}/users`);
  await page.locator('[data-row]').first().waitFor();
  await take('b-users');
  await page.goto(`${app}/users/bob`);
  await page.locator('main li button[aria-expanded]').first().waitFor();
  await page.locator('main li button[aria-expanded]').nth(1).click();
  await take('b-user-decisions');
  for (const tab of ['now', 'push', 'preferences', 'conversations']) {
    await page.goto(`${app}/users/bob?tab=${tab}`);
    await page.getByRole('tabpanel').waitFor();
    await page.waitForLoadState('networkidle');
    await take(`b-user-${tab}`);
  }
  await page.goto(`${app}/users/nobody-of-this-name`);
  await page.locator('main p a').last().waitFor();
  await take('b-user-unknown');
}
