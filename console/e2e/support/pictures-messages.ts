// Pictures of the screens about messages. Which looks they are taken in: pictures.ts.
import type { Page } from 'playwright';

type Take = (state: string) => Promise<unknown>;

/** `app`: the address of the app's screens. `sent`: a message to some people, and one to many. */
export async function takeMessages(
  page: Page,
  take: Take,
  app: string,
  sent: { ward: string; crowd: string },
): Promise<void> {
  await page.goto(`${app}/messages`);
  await page.locator('[data-row]').nth(2).waitFor();
  await take('c-messages');
  await page.goto(`${app}/messages?state=failed&reason=target_gone`);
  await page.locator('[data-row]').first().waitFor();
  await take('c-messages-failed');
  await page.goto(`${app}/messages?kind=none-of-this-kind`);
  await page.locator('main p').last().waitFor();
  await take('c-messages-no-match');
  await page.goto(`${app}/messages/${sent.ward}`);
  await page.locator('[data-user]').nth(2).waitFor();
  await take('c-journey');
  for (const user of ['hidden', 'shop', 'muted']) {
    await page.goto(`${app}/messages/${sent.ward}?user=${user}`);
    await page.locator(`[data-user=${user}][aria-expanded=true]`).waitFor();
    await take(`c-journey-${user}`);
  }
  await page.locator('main h1 ~ button').first().click();
  await page.locator('main [role=status]').first().waitFor();
  await page.locator('section.border-dashed').first().waitFor();
  await take('c-journey-now');
  await page.locator('main h1 ~ button').nth(1).click();
  await page.locator('[role=dialog]').waitFor();
  await take('c-journey-resend');
  await page.keyboard.press('Escape');
  await page.locator('main section h2 ~ button').first().click();
  await page.locator('main table').waitFor();
  await take('c-journey-table');
  await page.goto(`${app}/messages/${sent.crowd}`);
  await page.locator('[data-counts]').waitFor();
  await take('c-journey-crowd');
  await page.goto(`${app}/messages/018f0000-0000-7000-8000-000000000000`);
  await page.locator('main a').last().waitFor();
  await take('c-journey-unknown');
}
