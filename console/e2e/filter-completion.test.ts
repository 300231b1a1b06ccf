// What a filter offers while one types: names, then values with their counts, by keys alone, without asking the server.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { beforeAll, expect, it } from 'vitest';
import { createConsoleUnderTest } from './support/console-under-test.ts';

const world = createConsoleUnderTest();
const { clients, openAt } = world;

beforeAll(async () => {
  for (const userId of ['ann', 'ben', 'cleo']) await clients.connect({ userId, page: '/chat' });
  await clients.connect({ userId: 'dora', page: '/chat', deviceType: 'mobile' });
});

const field = (page: Page) => page.getByRole('combobox', { name: 'Filter' });
const options = (page: Page): Promise<string[]> =>
  page
    .getByRole('listbox')
    .getByRole('option')
    .evaluateAll((all) => all.map((each) => (each as HTMLElement).innerText.replace(/\s+/gu, ' ').trim()));
const selected = (page: Page) => page.getByRole('listbox').getByRole('option', { selected: true });
const isOpen = (page: Page): Promise<string | null> => field(page).getAttribute('aria-expanded');

it('a filter is typed by its beginning and a value is chosen by keys, with counts, and nothing is asked meanwhile', async () => {
  const { page, requests, expectQuiet } = await openAt('/a/demo/connections');
  await page.getByText('4 connections').waitFor();
  const before = requests.length;
  await page.keyboard.press('/');
  expect(await isOpen(page)).toBe('false');
  await page.keyboard.type('de');
  await expect.poll(() => options(page)).toEqual(['device: Device', 'node: Node', 'older: Connected for at least']);
  // Nothing is chosen before an arrow was pressed.
  expect(await selected(page).count()).toBe(0);
  await page.keyboard.press('ArrowDown');
  await selected(page).getByText('device:').waitFor();
  await page.keyboard.press('Enter');
  expect(await field(page).inputValue()).toBe('device:');
  await expect.poll(() => options(page)).toEqual(['desktop 3', 'mobile 1']);
  await page.keyboard.type('mo');
  await expect.poll(() => options(page)).toEqual(['mobile 1']);
  expect(requests.slice(before).filter((url) => url.includes('/admin/api/apps/'))).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByText('1 connection', { exact: false }).first().waitFor();
  await expect.poll(() => page.url()).toContain('device=mobile');
  expect(await field(page).inputValue()).toBe('');
  expect(await isOpen(page)).toBe('false');
  // The focus never left the field.
  expect(await field(page).evaluate((input) => input === document.activeElement)).toBe(true);
  await expectQuiet();
});

it('arrows go round, Escape closes the list alone, Home and End are the caret’s, and Enter without a choice is the filter’s', async () => {
  const { page, expectQuiet } = await openAt('/a/demo/connections');
  await page.getByText('4 connections').waitFor();
  await field(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => isOpen(page)).toBe('true');
  await selected(page).getByText('user:').waitFor();
  await page.keyboard.press('ArrowUp');
  expect(await selected(page).count()).toBe(0);
  await page.keyboard.press('ArrowUp');
  await selected(page).getByText('behind:').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await selected(page).getByText('user:').waitFor();
  await page.keyboard.press('Escape');
  expect(await isOpen(page)).toBe('false');
  await page.keyboard.type('an');
  await expect.poll(() => isOpen(page)).toBe('false');
  await page.keyboard.press('Escape');
  await page.keyboard.type('words page:');
  await page.getByRole('option', { name: '/chat' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  expect(await selected(page).count()).toBe(0);
  expect(await field(page).evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(0);
  await page.keyboard.press('End');
  await page.keyboard.type('/chat');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toContain('page=%2Fchat&q=words');
  await expectQuiet();
});

it('Enter of an input method takes its letters, and neither an option nor the filter', async () => {
  const { page, context, expectQuiet } = await openAt('/a/demo/connections');
  await page.getByText('4 connections').waitFor();
  await field(page).focus();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text: 'de', selectionStart: 2, selectionEnd: 2 });
  await page.keyboard.press('ArrowDown');
  const isPrevented = await field(page).evaluate((input) => {
    const enter = new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true });
    return !input.dispatchEvent(enter);
  });
  expect(isPrevented).toBe(true);
  expect(new URL(page.url()).search).toBe('');
  expect(await field(page).inputValue()).toBe('de');
  await expectQuiet();
});

it('at 360 pixels the list stays inside, is picked by a finger, and is clean for axe', async () => {
  const viewport = { width: 360, height: 740 };
  const { page, expectQuiet } = await openAt('/a/demo/connections', { viewport, hasTouch: true, isMobile: true });
  await page.getByText('4 connections').waitFor();
  await field(page).tap();
  await field(page).fill('device:');
  const option = page.getByRole('option', { name: 'mobile' });
  const box = await option.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
  expect(box?.height).toBeGreaterThanOrEqual(44);
  expect((await new AxeBuilder({ page }).include('search').analyze()).violations).toEqual([]);
  await option.tap();
  await expect.poll(() => page.url()).toContain('device=mobile');
  await expectQuiet();
});

it('lists without counts offer what their filters can be: reasons, types, and what is in their rows', async () => {
  const { page, expectQuiet } = await openAt('/a/demo/messages');
  await field(page).fill('reason:target');
  await expect.poll(() => options(page)).toEqual(['target_gone device is gone', 'no_device no push target']);
  await page.goto(`${world.server.url}/console/a/demo/live`);
  await page.getByText('Listening.').waitFor();
  await field(page).fill('type:co');
  await expect.poll(() => options(page)).toEqual(['command', 'connect']);
  await page.goto(`${world.server.url}/console/t/${world.anna.tenant}/audit`);
  await page.locator('[data-row]').first().waitFor();
  await field(page).fill('action:account.setup');
  await page.getByRole('option', { name: /^account\.setup .+ 1$/ }).waitFor();
  await expectQuiet();
});
