// Letters that are put together by an input method (IME): its Enter takes a word and its Escape drops it, and neither
// sends, chooses or closes anything. In each kind of field that Enter does something in.
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { createConsoleUnderTest } from './support/console-under-test.ts';
import { pinyinOf } from './support/pinyin.ts';
import type { Watched } from './support/watched-page.ts';

const world = createConsoleUnderTest();
const chinese = JSON.parse(readFileSync(new URL('../messages/zh.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

beforeAll(async () => {
  await world.server.api('PUT', '/users/li', { name: '李伟' });
});

interface Typing extends Watched {
  /** Letters that are not taken yet. */
  compose: (text: string) => Promise<void>;
  /** The input method puts its word in their place. */
  take: (text: string) => Promise<void>;
}

async function openAt(path: string): Promise<Typing> {
  const watched = await world.openAt(`/${path}`);
  const cdp: CDPSession = await watched.context.newCDPSession(watched.page);
  return {
    ...watched,
    async compose(text) {
      await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    },
    take: (text) => watched.page.keyboard.insertText(text),
  };
}

/** What is sent and where one is, whatever the page does in its next turns. */
async function after<T>(page: Page, look: () => T): Promise<T> {
  await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => setTimeout(resolve))));
  return look();
}

/** What is sent from now on to addresses that end so; the page sends others by itself. */
function postsTo(page: Page, end: string): string[] {
  const posted: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith(end)) posted.push(request.url());
  });
  return posted;
}

it('in the palette it chooses no entry and does not close it; the word then finds one', async () => {
  const { page, compose, take, expectQuiet } = await openAt(`t/${world.anna.tenant}/apps`);
  await page.locator('[data-row]').first().waitFor();
  const place = page.url();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  await palette.locator('input:focus').waitFor();
  await compose('lian');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await compose('lian');
  await page.keyboard.press('Escape');
  expect(await after(page, () => page.url())).toBe(place);
  expect(await palette.count()).toBe(1);
  await compose('lian');
  await take('连接');
  await palette.locator('[role="option"][aria-selected="true"]', { hasText: 'Connections' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
  await expectQuiet();
});

async function readIn(locale: 'en' | 'zh'): Promise<void> {
  const { version } = await world.anna.call<{ version: number }>('GET', '/account');
  await world.anna.call('PATCH', '/account', { locale }, { 'If-Match': `"v${version}"` });
}

it('without one, each screen and each action is found by the pinyin of its Chinese name', async () => {
  await readIn('zh');
  onTestFinished(() => readIn('en'));
  const { page, expectQuiet } = await openAt('a/demo/overview');
  await page.locator('[data-tile]').first().waitFor();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog');
  const field = palette.locator('input:focus');
  const screens = palette.locator('[role="option"][data-value^="screen "]');
  await screens.first().waitFor();
  const titles = (await screens.allInnerTexts()).map((text) => text.trim());
  expect(titles).toContain('连接');
  for (const title of titles) {
    await field.fill(pinyinOf(title));
    await palette.locator('[role="option"][aria-selected="true"]').filter({ hasText: title }).waitFor();
  }
  const actions = Object.entries(chinese).filter(([key]) => /^act_|^invite$|^new_app$/.test(key));
  for (const [, title] of actions) {
    await field.fill(pinyinOf(title));
    await palette.locator('[role="option"][data-value^="action "]').filter({ hasText: title }).waitFor();
  }
  await expectQuiet();
});

it('in a field that finds, nothing is asked for before the word is taken', async () => {
  const { page, compose, take, requests, expectQuiet } = await openAt('a/demo/users');
  await page.getByRole('searchbox').focus();
  const asked = (): string[] => requests.filter((url) => url.includes('q='));
  await compose('li');
  await page.keyboard.press('Enter');
  expect(await after(page, asked)).toEqual([]);
  expect(new URL(page.url()).search).toBe('');
  await compose('li');
  await take('李');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('李');
  await page.locator('[data-row]', { hasText: '李伟' }).waitFor();
  await expectQuiet();
});

it('in a form it sends nothing, and the dialog around it stays', async () => {
  const { page, compose, take, expectQuiet } = await openAt(`t/${world.anna.tenant}/members`);
  await page.locator('[data-key=n]').click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[name=label]').focus();
  const posted = postsTo(page, '/invitations');
  for (const key of ['Enter', 'Escape']) {
    await compose('hushi');
    await page.keyboard.press(key);
  }
  expect(await after(page, () => posted)).toEqual([]);
  expect(await dialog.count()).toBe(1);
  await compose('hushi');
  await take('护士');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /护士/ }).waitFor();
  expect(posted).toHaveLength(1);
  await expectQuiet();
});

it('before one is in it does not sign in', async () => {
  const { page, expectQuiet } = await world.openSignedOut();
  await page.goto(`${world.server.url}/console/sign-in`);
  await page.getByLabel('Password', { exact: true }).fill('a guess');
  const email = page.getByLabel('E-mail');
  await email.fill(world.anna.email);
  const posted = postsTo(page, '/session');
  // Safari says of the key that ended the composition that it ended it by its number alone.
  await email.evaluate((field) => {
    const init = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
    if (field.dispatchEvent(new KeyboardEvent('keydown', init))) (field as HTMLInputElement).form?.requestSubmit();
  });
  expect(await after(page, () => posted)).toEqual([]);
  await expectQuiet();
});

it('where Enter adds somebody it adds nobody', async () => {
  const { page, compose, take, expectQuiet } = await openAt('a/demo/broadcast?kind=direct');
  const users = page.locator('[name=users]');
  await users.focus();
  await compose('li');
  await page.keyboard.press('Enter');
  const remove = page.getByRole('button', { name: /^Remove / });
  expect(await after(page, () => remove.count())).toBe(0);
  await compose('li');
  await take('李');
  await page.keyboard.press('Enter');
  await expect.poll(() => remove.count()).toBe(1);
  await expectQuiet();
});

it('in the playground it says nothing before the word is taken', async () => {
  const { page, compose, take, expectQuiet } = await openAt('a/demo/playground');
  const [alice, bob] = ['Alice', 'Bob'].map((name) => page.getByRole('region', { name, exact: true }));
  await page.getByRole('button', { name: 'Say hello' }).click();
  await bob?.getByText('Hello, Bob!').first().waitFor();
  const field = alice?.getByPlaceholder('Write a message…');
  await field?.focus();
  await compose('nihao');
  await page.keyboard.press('Enter');
  expect(await after(page, () => field?.inputValue())).toBe('nihao');
  await take('你好');
  await page.keyboard.press('Enter');
  await bob?.getByText('你好', { exact: true }).waitFor();
  expect(await page.getByText('nihao').count()).toBe(0);
  await expectQuiet();
});
