// The console without a pointer: let in, somewhere by the palette, a list filtered, a row opened and left, a change
// saved. Where the focus is can be seen at every step.
import type { Page } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { password } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';

const world = createConsoleUnderTest();
const { clients } = world;

beforeAll(async () => {
  for (const userId of ['ann', 'ben', 'cleo']) await clients.connect({ userId, page: '/chat', deviceType: 'mobile' });
  await clients.connect({ userId: 'dora', page: '/chat' });
});

/** What has the focus, and how wide the line around it is; 0 where it cannot be seen. */
const focus = (page: Page): Promise<{ name: string; row: string | null; outlinePx: number }> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      name: element.getAttribute('aria-label') ?? element.getAttribute('name') ?? element.textContent.trim(),
      row: element.getAttribute('data-row'),
      outlinePx: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
    };
  });

/** As far as somebody would go. */
async function tabTo(page: Page, isThere: (at: Awaited<ReturnType<typeof focus>>) => boolean): Promise<void> {
  for (let count = 0; count < 80; count += 1) {
    await page.keyboard.press('Tab');
    const at = await focus(page);
    if (!isThere(at)) continue;
    expect(at.outlinePx, at.name).toBeGreaterThanOrEqual(2);
    return;
  }
  throw new Error('not reached by Tab');
}

it('from the sign-in to a change that is saved, with the keyboard alone', async () => {
  const { page, expectQuiet } = await world.openSignedOut();
  const opened = (): Promise<string> => page.getByRole('complementary').getByRole('heading', { level: 2 }).innerText();
  await page.goto(`${world.server.url}/console/a/demo/overview`);
  await page.getByLabel('E-mail').waitFor();
  if ((await focus(page)).name !== 'email') await tabTo(page, ({ name }) => name === 'email');
  await page.keyboard.type(world.anna.email);
  await tabTo(page, ({ name }) => name === 'password');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.locator('[data-tile]').first().waitFor();

  await page.keyboard.press('Control+k');
  await page.locator('[role=dialog] input:focus').waitFor();
  await page.keyboard.type('lianjie');
  await page.getByRole('option', { name: 'Connections', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  // The overview says how many there are, too.
  await page.waitForURL(/\/connections$/);
  await page.getByText('4 connections').waitFor();

  await page.keyboard.press('/');
  await page.locator('input[role=combobox]:focus').waitFor();
  await page.keyboard.type('device:');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: 'mobile', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('3 connections').waitFor();
  await tabTo(page, ({ row }) => row === '0');
  const first = (await page.locator('[data-row="0"]').innerText()).trim();
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').waitFor();
  expect(first).toContain(await opened());
  const before = await opened();
  await page.keyboard.press(']');
  await expect.poll(opened).not.toBe(before);
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  // On the row that was open last, and seen there.
  await expect.poll(() => focus(page)).toMatchObject({ row: '1' });
  expect((await focus(page)).outlinePx).toBeGreaterThanOrEqual(2);

  await page.keyboard.press('Control+k');
  await page.locator('[role=dialog] input:focus').waitFor();
  await page.keyboard.type('profile');
  await page.getByRole('option', { name: 'Profile', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').waitFor();
  await tabTo(page, ({ name }) => name === 'name');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Anna Lee');
  await page.keyboard.press('Control+s');
  await page.getByText('Saved', { exact: true }).waitFor();
  expect(await world.anna.call('GET', '/account')).toMatchObject({ name: 'Anna Lee' });
  expect((await focus(page)).name).toBe('name');
  await expectQuiet();
});
