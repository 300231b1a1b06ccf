// Two versions of a page policy beside each other: chosen, shared by an address, and left by Back.
import type { Page } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { createConsoleUnderTest, type Opening } from './support/console-under-test.ts';
import type { Watched } from './support/watched-page.ts';

const world = createConsoleUnderTest();
const pattern = '/ward/:id';
const policy = {
  pattern,
  enabled: true,
  requireAuth: true,
  autoConnect: true,
  connectionType: 'v',
  features: ['messaging'],
};
/** The last of them takes the page away. */
const versions = 7;

beforeAll(async () => {
  const states = [
    policy,
    { ...policy, features: ['messaging', 'voice_note'] },
    { ...policy, features: ['messaging', 'voice_note'], requireRoles: ['nurse', 'doctor'] },
    { ...policy, features: ['voice_note'], requireRoles: ['nurse'], connectionType: 'care' },
    { ...policy, enabled: false },
    { ...policy, autoConnect: false },
  ];
  for (const [at, state] of states.entries()) {
    await world.anna.call('POST', '/apps/demo/pages/changes', {
      changes: [{ op: 'put', ifVersion: at, policy: state }],
    });
  }
  const query = `pattern=${encodeURIComponent(pattern)}`;
  await world.anna.call('DELETE', `/apps/demo/pages?${query}`, undefined, { 'If-Match': '"v6"' });
});

async function openHistory(query: string, opening?: Opening): Promise<Watched> {
  const watched = await world.openAt(`/a/demo/pages/history${query}`, opening);
  await watched.page.locator('[data-version]').first().waitFor();
  return watched;
}

const of = `?pattern=${encodeURIComponent(pattern)}`;
/** Each field that differs, with what either version says. */
const differences = (page: Page): Promise<string[][]> =>
  page
    .locator('[data-field]')
    .evaluateAll((rows) =>
      rows.map((row) => [
        row.getAttribute('data-field') ?? '',
        ...[...row.querySelectorAll('td')].map(
          (cell) => [...cell.querySelectorAll('bdi')].map((each) => each.textContent).join(' ') || '–',
        ),
      ]),
    );

it('any two versions are compared, in words and field by field, and the address is of these two', async () => {
  const { page, expectQuiet } = await openHistory(of);
  await page.getByRole('link', { name: 'Compare v2' }).click();
  await page.getByRole('heading', { name: 'Two versions compared' }).waitFor();
  await page.locator(`[data-compared="2 ${versions}"]`).getByText('removed').waitFor();
  await page.getByRole('combobox', { name: 'With' }).selectOption('4');
  await expect.poll(() => new URL(page.url()).search).toContain('version=2&with=4');
  await expect
    .poll(() => differences(page))
    .toEqual([
      ['requireRoles', '–', 'nurse'],
      ['connectionType', 'v', 'care'],
      ['feature messaging', 'on', 'off'],
    ]);
  const words = await page.locator('[data-compared]').innerText();
  expect(words).toContain('− messaging');
  await page.getByRole('combobox', { name: 'Version', exact: true }).selectOption('3');
  await expect.poll(() => differences(page)).toContainEqual(['requireRoles', 'nurse doctor', 'nurse']);
  await page.goBack();
  await page.locator('[data-compared="2 4"]').waitFor();
  await page.goBack();
  await page.locator(`[data-compared="2 ${versions}"]`).waitFor();
  await page.goForward();
  await page.locator('[data-compared="2 4"]').waitFor();
  await page.getByRole('button', { name: 'Compare no more' }).click();
  await page.locator('[data-compared]').waitFor({ state: 'detached' });
  expect(new URL(page.url()).search).toBe(of);
  await expectQuiet();
});

it('an address opens two versions, by keyboard and at 360 pixels too, and says which is not there', async () => {
  const { page, expectQuiet } = await openHistory(`${of}&version=1&with=3`, { viewport: { width: 360, height: 740 } });
  await expect
    .poll(() => differences(page))
    .toEqual([
      ['requireRoles', '–', 'nurse doctor'],
      ['feature voice_note', 'off', 'on'],
    ]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.getByRole('combobox', { name: 'With' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('[data-compared="1 2"]').waitFor();
  // The choice keeps the focus.
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
  await page.goto(`${world.server.url}/console/a/demo/pages/history${of}&version=99&with=3`);
  await page.getByText('v99 of this page is not there, or not kept.').waitFor();
  await expectQuiet();
});

it('versions that are further back than the list has been read are read', async () => {
  for (let count = 0; count < 105; count += 1) {
    const next = { ...policy, pattern: '/many', connectionType: `t${count}` };
    await world.anna.call('POST', '/apps/demo/pages/changes', {
      changes: [{ op: 'put', ifVersion: count, policy: next }],
    });
  }
  const { page, expectQuiet } = await openHistory('?pattern=/many&version=1&with=105');
  await expect.poll(() => differences(page)).toEqual([['connectionType', 't0', 't104']]);
  await expectQuiet();
});
