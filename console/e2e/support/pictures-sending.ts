// Pictures of Kinds and Broadcast. Which looks they are taken in: pictures.ts.
import type { Page } from 'playwright';

type Take = (state: string) => Promise<unknown>;

/** `app`: the address of the app's screens. */
export async function takeSending(page: Page, take: Take, app: string): Promise<void> {
  await page.goto(`${app}/kinds`);
  await page.locator('[data-row]').first().waitFor();
  await take('c-kinds');
  await page.goto(`${app}/kinds/edit?like=message`);
  await page.locator('[name=kind]').fill('lab_results');
  await page.locator('[name=action]').fill('lab_results');
  const saveBar = page.locator('main [role=region] button');
  await saveBar.first().waitFor();
  await take('c-kind-new');
  await saveBar.nth(1).click();
  await page.goto(`${app}/kinds/edit?kind=direct`);
  await page.locator('[name=action]').waitFor();
  await take('c-kind-built-in');
  await takeBroadcast(page, take, app);
}

async function takeBroadcast(page: Page, take: Take, app: string): Promise<void> {
  const step = async (at: number) => {
    const steps = page.locator('main ol button');
    if (await steps.first().isVisible()) await steps.nth(at).click();
  };
  const users = ['bob', 'carol', 'li', 'user-001', 'user-002', 'user-003', 'somebody-away'];
  await page.goto(`${app}/broadcast?kind=system_notification`);
  await page.locator('[name=title]').waitFor();
  await take('c-broadcast-empty');
  await page.locator('[name=title]').fill('The ward closes at eight');
  await page.locator('[name=body]').fill('Please come before. '.repeat(30));
  await take('c-broadcast-what');
  await step(1);
  await page.locator('[name=users]').fill(users.join('\n'));
  await page.getByRole('button', { name: /^(Add|添加)$/ }).click();
  await take('c-broadcast-whom');
  await step(2);
  await page.locator('[data-row]').first().waitFor();
  await take('c-broadcast-explained');
  const tabs = page.locator('main section button[aria-pressed]');
  await tabs.nth(1).click();
  await page.locator('main pre').waitFor();
  await take('c-broadcast-code');
  await tabs.first().click();
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: /^(Open the journey|打开消息轨迹)/ }).waitFor();
  await page.locator('[data-row]').first().waitFor();
  await take('c-broadcast-sent');
  await page.goto(`${app}/broadcast?kind=message&conversation=c1`);
  await page.locator('[name=text]').waitFor();
  await take('c-broadcast-message');
}
