// A tab that is open while the server gets a new build of the console: nothing that is typed is lost to it.
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { createConsoleUnderTest } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';

const world = createConsoleUnderTest();

/** The profile, in a tab that has found out that there is a new build. */
async function openOld(): Promise<Watched> {
  const watched = await world.openAt('/account/profile');
  const { page } = watched;
  await page.locator('[name=name]').waitFor();
  await page.route('**/_app/version.json*', (route) => route.fulfill({ json: { version: 'a newer one' } }));
  await page.evaluate(() => void Object.assign(globalThis, { isOldPage: true }));
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.getByText('A new version is there.').waitFor();
  return watched;
}

const isOld = (page: Page): Promise<boolean> => page.evaluate(() => 'isOldPage' in globalThis);

it('the next screen is loaded from the new build', async () => {
  const { page, expectQuiet } = await openOld();
  expect(await isOld(page)).toBe(true);
  await page.getByRole('link', { name: 'Members' }).first().click();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  expect(await isOld(page)).toBe(false);
  await expectQuiet();
});

it('what is typed stays: the page is loaded anew when it was saved or given up', async () => {
  const { page, expectQuiet } = await openOld();
  await page.locator('[name=name]').fill('Anna Lee');
  await page.getByRole('link', { name: 'Members' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stay' }).click();
  expect(await isOld(page)).toBe(true);
  expect(await page.locator('[name=name]').inputValue()).toBe('Anna Lee');
  await page.getByRole('link', { name: 'Members' }).first().click();
  await dialog.getByRole('button', { name: 'Leave and discard' }).click();
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  expect(await isOld(page)).toBe(false);
  await expectQuiet();
});
