// The list contract: columns, keys, chosen rows, totals and counts, what stands in place of rows; and the list of apps
// with what one does about an app. Against a whole server; one list has what all have.
import type { Page } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { join } from './support/console-server.ts';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';

const world = createConsoleUnderTest();
const { clients } = world;
const people = 12;

beforeAll(async () => {
  for (let at = 0; at < people; at += 1) await clients.connect({ userId: `p${10 + at}`, page: '/chat' });
});

interface ListOpening extends Opening {
  /** The page's clock is the test's to turn. */
  hasClock?: boolean;
}

async function openAt(path: string, { hasClock = false, ...opening }: ListOpening = {}): Promise<Watched> {
  const watched = await world.open(opening);
  if (hasClock) await watched.page.clock.install();
  await watched.page.goto(`${world.server.url}/console${path}`);
  await watched.page.locator('[data-row]').first().waitFor();
  return watched;
}

const titles = async (page: Page): Promise<string[]> =>
  (await page.getByRole('columnheader').allInnerTexts())
    .map((text) => text.trim())
    .filter((text) => text !== '' && text !== 'Actions');

it('columns are hidden and moved for this person and screen, an address goes before that, and Reset undoes it', async () => {
  const { page, expectQuiet } = await openAt('/a/demo/connections');
  const asMade = await titles(page);
  expect(asMade.slice(0, 3)).toEqual(['User', 'Device', 'Page']);
  await page.getByRole('button', { name: 'Columns' }).click();
  const menu = page.locator('[data-popover-content]');
  expect(await menu.getByRole('checkbox', { name: 'User' }).isDisabled()).toBe(true);
  await menu.getByRole('checkbox', { name: 'Page' }).uncheck();
  const later = menu.getByRole('button', { name: 'Move Device back' });
  await later.click();
  await later.click();
  // The button goes with its row, and still has the focus.
  expect(await later.evaluate((button) => button === document.activeElement)).toBe(true);
  const moved = await titles(page);
  expect(moved).not.toContain('Page');
  expect(moved.indexOf('Device')).toBe(2);
  await page.reload();
  await page.locator('[data-row]').first().waitFor();
  expect(await titles(page)).toEqual(moved);
  await page.goto(`${world.server.url}/console/a/demo/connections?cols=user,page`);
  await page.locator('[data-row]').first().waitFor();
  expect(await titles(page)).toEqual(['User', 'Page']);
  await page.goto(`${world.server.url}/console/a/demo/connections`);
  await page.locator('[data-row]').first().waitFor();
  expect(await titles(page)).toEqual(moved);
  await page.getByRole('button', { name: 'Columns' }).click();
  await menu.getByRole('button', { name: 'Reset' }).click();
  expect(await titles(page)).toEqual(asMade);
  await expectQuiet();
});

it('a list is worked by keys alone: rows, choice, menu, drawer, copying, times, export, and the help says them', async () => {
  const { page, context, expectQuiet } = await openAt('/a/demo/connections?sort=user');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'));
  await page.keyboard.press('j');
  await expect.poll(focused).toBe('0');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect.poll(focused).toBe('2');
  await page.keyboard.press('x');
  for (const key of ['k', 'k']) await page.keyboard.press(key);
  await expect.poll(focused).toBe('0');
  await page.keyboard.press('Shift+X');
  await page.getByText('3 chosen').first().waitFor();
  await page.keyboard.press('End');
  await expect.poll(focused).toBe(String(people - 1));
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe('0');
  await page.keyboard.press('.');
  await page.getByRole('menuitem', { name: 'Ask to reconnect' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('0');
  await page.keyboard.press('y');
  await page.getByText('is copied').waitFor();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary');
  await drawer.getByRole('heading', { name: 'p10' }).waitFor();
  await page.keyboard.press(']');
  await drawer.getByRole('heading', { name: 'p11' }).waitFor();
  await page.keyboard.press('[');
  await drawer.getByRole('heading', { name: 'p10' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('0');
  const since = page.locator('[data-row="0"] time');
  const before = await since.innerText();
  await page.keyboard.press('t');
  await expect.poll(() => since.innerText()).toMatch(/^\d{4}-\d\d-\d\d /);
  await page.keyboard.press('t');
  expect(before).not.toMatch(/^\d{4}/);
  await page.keyboard.press('e');
  const exportItem = page.getByRole('menuitem', { name: 'Export as CSV' });
  await exportItem.waitFor();
  await page.keyboard.press('Escape');
  await exportItem.waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.getByText('Menu of the row').waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  // The letter after a `g` says where to, and is no key of the list.
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await page.getByRole('heading', { name: 'Users', exact: true }).waitFor();
  await expectQuiet();
});

it('a range is chosen with Shift, all that are here with one box, and all that fit are a step of their own', async () => {
  const { page, expectQuiet } = await openAt('/a/demo/connections?sort=user');
  const boxes = page.getByRole('checkbox', { name: /^Choose p/ });
  await boxes.nth(1).check();
  await boxes.nth(4).click({ modifiers: ['Shift'] });
  await page.getByText('4 chosen').first().waitFor();
  const all = page.getByRole('checkbox', { name: 'Choose all rows that are here' });
  expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
  await page.getByRole('button', { name: `Choose all ${people} that fit` }).click();
  await page.getByText(`All ${people} that fit are chosen`).first().waitFor();
  await page.getByRole('button', { name: /^Disconnect all that fit/ }).click();
  await page.getByRole('dialog').getByText(`Disconnect ${people} connections?`).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await all.check();
  await page.getByText(`${people} chosen`).first().waitFor();
  await expectQuiet();
});

it('how many there are and of what stands beside the list; a count is a filter, and the last one is taken off alone', async () => {
  for (const label of ['one', 'two']) {
    await world.anna.call('POST', `/tenants/${world.anna.tenant}/invitations`, { label, role: 'viewer' });
  }
  const { page, expectQuiet } = await openAt(`/t/${world.anna.tenant}/audit`);
  await page.getByText(/^\d+ entr/).waitFor();
  const facet = page.getByRole('region', { name: 'What' }).getByRole('button').first();
  const count = Number(/\d+$/.exec(await facet.innerText())?.[0]);
  await facet.click();
  await page.getByText(`${count} entries`).waitFor();
  await expect.poll(() => page.locator('[data-row]').count()).toBe(count);
  await page.getByRole('combobox', { name: 'Filter' }).fill('app:nothing');
  await page.keyboard.press('Enter');
  await page.getByText('No entry fits', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Remove the last' }).click();
  await expect.poll(() => page.locator('[data-row]').count()).toBe(count);
  await page.goto(`${world.server.url}/console/a/demo/users`);
  await page.getByText(`${people} users · ${people} online`).waitFor();
  await page.getByRole('searchbox').fill('p1');
  await page.getByText('10 found').waitFor();
  await expectQuiet();
});

it('rows that cannot be read again stay, greyed, with the moment they are of; what a role may not see names who can', async () => {
  const { page, context } = await openAt('/a/demo/users', { allowed: /status of 422/, hasClock: true });
  await context.route('**/admin/api/apps/demo/users*', (route) =>
    route.fulfill({ status: 422, json: { code: 'planted', detail: 'Planted.', requestId: 'r1' } }),
  );
  // Lists are read again every ten seconds.
  await page.clock.fastForward(11_000);
  await page
    .locator('[data-as-of]')
    .getByText(/^As it was at \d\d:\d\d:\d\d$/)
    .waitFor();
  expect(await page.locator('[data-row]').count()).toBe(people);
  const vera = await join(world.anna, world.server, { email: 'vera@clinic.example', name: 'Vera', role: 'viewer' });
  const { page: seen } = await world.openAt(`/t/${world.anna.tenant}/audit`, { who: vera, allowed: /403/ });
  await seen.locator('[data-forbidden]').getByText('These people can: Anna Li.').waitFor();
});

it('an app is switched off after its number is said and back on by the toast, and deleted by typing its key', async () => {
  await world.anna.call('POST', `/tenants/${world.anna.tenant}/apps`, {
    template: 'chat',
    key: 'spare',
    name: 'Spare',
  });
  const { page, expectQuiet } = await openAt(`/t/${world.anna.tenant}/apps`);
  const spare = page.locator('[data-row]', { hasText: 'Spare' });
  await page.locator('[data-row]', { hasText: 'demo' }).getByText(String(people), { exact: true }).waitFor();
  await spare.getByRole('button', { name: 'Actions for Spare' }).click();
  await page.getByRole('menuitem', { name: 'Switch off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nobody is connected now.').waitFor();
  await dialog.getByRole('button', { name: 'Switch it off' }).click();
  await spare.getByText('disabled').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await spare.getByText('on', { exact: true }).waitFor();
  await spare.focus();
  await page.keyboard.press('.');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog.getByText('Its messages, conversations, users', { exact: false }).waitFor();
  const erase = dialog.getByRole('button', { name: 'Delete app Spare' });
  await dialog.getByLabel('Type spare to confirm').fill('spar');
  expect(await erase.isDisabled()).toBe(true);
  await dialog.getByLabel('Type spare to confirm').fill('spare');
  await erase.click();
  await dialog.getByText(/^Spare is being erased: \d/).waitFor();
  await spare.waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  const { items } = await world.anna.call<{ items: { action: string; app: string }[] }>(
    'GET',
    `/tenants/${world.anna.tenant}/audit?limit=1`,
  );
  expect(items).toMatchObject([{ action: 'app.delete', app: 'spare' }]);
  await expectQuiet();
});
