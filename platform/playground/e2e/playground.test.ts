// The playground in a real browser over a real server: the first steps of a newcomer, and each tool. How it looks, and
// whom it keeps out: looks.slow.ts.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../server/test/support/whole-server.ts';
import { playgroundOf, startPlaygroundServer } from './support/playground-server.ts';

// Each wait for something on the page may take half a minute, and a test has several.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: WholeServer;
let browser: Browser;
let page: Page;
/** Errors and warnings in the console, and exceptions: no page may have any. */
let errors: Set<string>;
/** The actions of all frames that the page sent. */
let commands: string[];

beforeAll(async () => {
  server = await startPlaygroundServer();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', ...options });
  page = await context.newPage();
  errors = new Set();
  commands = [];
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      commands.push((JSON.parse(String(payload)) as { action: string }).action);
    });
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.add(message.text());
  });
  page.on('pageerror', (error) => errors.add(String(error)));
  await page.goto(playgroundOf(server));
}
afterEach(async () => {
  await page.context().close();
});

const person = (name: string): Locator => page.getByRole('region', { name, exact: true });
const said = (name: string): Locator => person(name).getByRole('log').locator('.bubble');

async function start(): Promise<void> {
  await page.getByRole('button', { name: 'Say hello' }).click();
  await page.getByText('What to try now').waitFor();
}

async function say(name: string, text: string): Promise<void> {
  await person(name).getByRole('textbox', { name: 'Write a message' }).fill(text);
  await person(name).getByRole('button', { name: 'Send', exact: true }).click();
}

async function choose(name: string, tool: string): Promise<void> {
  await person(name).getByRole('tab', { name: tool }).click();
}

/** The other person is connected anew, too: their conversation is another one. */
async function become(name: string, userId: string): Promise<void> {
  await person(name).getByRole('textbox', { name: 'User' }).fill(userId);
  await page.keyboard.press('Enter');
  const newName = userId.slice(0, 1).toUpperCase() + userId.slice(1);
  for (const each of [newName, 'Alice']) await person(each).getByText('connected', { exact: true }).waitFor();
}

/** How often it is shown, once it is. */
async function timesShown(name: string, text: string): Promise<number> {
  const shown = said(name).filter({ hasText: text });
  await shown.first().waitFor();
  return await shown.count();
}

async function isInView(shown: Locator, within: Locator): Promise<boolean> {
  const [inner, outer] = [await shown.boundingBox(), await within.boundingBox()];
  if (inner === null || outer === null) return false;
  return inner.y + inner.height > outer.y && inner.y < outer.y + outer.height;
}

describe('two people', () => {
  beforeEach(async () => {
    await open();
    await start();
  });
  afterEach(() => {
    expect([...errors]).toEqual([]);
  });

  it('say hello after one click, and its outcome is shown in words', async () => {
    expect(await page.locator('.steps li.done').count()).toBe(5);
    await said('Bob').filter({ hasText: 'Hello, Bob!' }).last().waitFor();
    await person('Bob')
      .getByRole('log')
      .getByText(/^here after \d+ ms$/)
      .last()
      .waitFor();
    await person('Alice').getByRole('log').getByText('read').last().waitFor();
    const journey = page.getByRole('region', { name: 'What became of the last message' });
    await journey.getByText('seen', { exact: true }).waitFor();
    await journey.getByText('Kind: message. From alice.').waitFor();
    // Each side reports what it has read, when a message comes and when the page opens. A page that answers
    // its own frames would soon send more.
    expect(commands.filter((action) => action === 'message')).toHaveLength(1);
    expect(commands.length).toBeLessThan(20);
  });

  it('see each other type', async () => {
    await person('Alice').getByRole('textbox', { name: 'Write a message' }).pressSequentially('How');
    await person('Bob').getByText('alice is typing…').waitFor();
    await page.keyboard.press('Enter');
    await person('Bob').getByText('alice is typing…').waitFor({ state: 'hidden' });
  });

  it('lose and double nothing while one is offline, who is pushed to a pretend phone', async () => {
    await person('Bob').getByRole('checkbox', { name: 'Offline' }).check();
    await person('Bob').getByText('reconnecting', { exact: true }).waitFor();
    await say('Alice', 'Are you there?');
    const phone = person('Bob').getByRole('group', { name: 'Phone of Bob' });
    await phone.getByText('Are you there?').waitFor();
    await say('Bob', 'From the tunnel');
    await person('Bob').getByText('waiting to be sent').waitFor();

    await person('Bob').getByRole('checkbox', { name: 'Offline' }).uncheck();
    expect(await timesShown('Alice', 'From the tunnel')).toBe(1);
    expect(await timesShown('Bob', 'Are you there?')).toBe(1);
    expect(await timesShown('Bob', 'From the tunnel')).toBe(1);
    await phone.getByText('taken away again: read elsewhere').first().waitFor();
  });

  it('have read only messages on a screen that somebody looks at', async () => {
    await person('Bob').getByRole('checkbox', { name: 'Hidden' }).check();
    await say('Alice', 'Nobody looks');
    await said('Bob').filter({ hasText: 'Nobody looks' }).waitFor();
    const line = person('Alice').getByRole('log').locator('.line').filter({ hasText: 'Nobody looks' });
    await line.getByText(/^stored as number \d+$/).waitFor();
    expect(await line.getByText('read', { exact: true }).count()).toBe(0);
    await person('Bob').getByRole('checkbox', { name: 'Hidden' }).uncheck();
    await line.getByText('read', { exact: true }).waitFor();
  });

  it('react to a message, answer it and pin it, and both see that', async () => {
    await become('Bob', 'erin');
    await say('Alice', 'Shall we?');
    const line = (name: string) =>
      person(name).getByRole('log').locator('.line').filter({ hasText: 'Shall we?' }).first();
    await line('Erin').getByRole('button', { name: 'Actions' }).click();
    await line('Erin').getByRole('button', { name: 'React with 👍' }).click();
    const given = line('Alice').getByRole('button', { name: '👍 by erin' });
    await given.waitFor();
    expect(await given.getAttribute('aria-pressed')).toBe('false');
    await given.click();
    await line('Erin').getByRole('button', { name: '👍 by erin, alice' }).waitFor();
    await line('Erin').getByRole('button', { name: 'Reply' }).click();
    await person('Erin').getByText('Reply to: Shall we?').waitFor();
    await person('Erin').locator('textarea:focus, input:focus').waitFor();
    await page.keyboard.type('Let us.');
    await page.keyboard.press('Enter');
    const answer = person('Alice').getByRole('log').locator('.line').filter({ hasText: 'Let us.' });
    await answer.locator('.quote').getByText('Shall we?').waitFor();
    await line('Alice').getByRole('button', { name: '1 reply' }).click();
    await line('Alice').getByRole('listitem').getByText('Let us.').waitFor();
    await line('Alice').getByRole('button', { name: 'Actions' }).click();
    await line('Alice').getByRole('button', { name: 'Pin', exact: true }).click();
    const pins = person('Erin').locator('.pins');
    await pins.getByText('Pinned messages: 1').click();
    await pins.getByText('pinned by alice').waitFor();
    await pins.getByRole('button', { name: 'Unpin' }).click();
    await pins.waitFor({ state: 'detached' });
    await line('Alice').getByText('pinned', { exact: true }).waitFor({ state: 'detached' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  it('read earlier messages further up, and are left there when something new comes', async () => {
    await become('Bob', 'dave');
    await page.evaluate(async () => {
      const broadcast = (text: string) => {
        const request = { kind: 'message', audience: { conversation: 'playground-alice-dave' }, sender: 'dave' };
        const body = { app: 'demo', request: { ...request, data: { type: 'text', content: { text } } } };
        const secret = sessionStorage.getItem('belfry-playground secret') ?? '';
        const headers = { 'content-type': 'application/json', 'belfry-playground': secret };
        return fetch('/playground/api/broadcast', { method: 'POST', headers, body: JSON.stringify(body) });
      };
      for (let number = 1; number <= 60; number += 1) await broadcast(`line ${number}.`);
    });
    await said('Alice').filter({ hasText: 'line 60.' }).waitFor();
    // Opened anew, the conversation begins with its newest page.
    await become('Dave', 'bob');
    await become('Bob', 'dave');
    const log = person('Alice').getByRole('log');
    await said('Alice').filter({ hasText: 'line 60.' }).waitFor();
    expect(await said('Alice').filter({ hasText: 'line 1.' }).count()).toBe(0);
    const first = said('Alice').first();
    const firstText = await first.textContent();
    await log.getByRole('button', { name: 'Earlier messages' }).click();
    await said('Alice').filter({ hasText: 'line 1.' }).waitFor({ state: 'attached' });
    await expect.poll(() => log.getByRole('button', { name: 'Earlier messages' }).count()).toBe(0);
    expect(
      await isInView(
        said('Alice')
          .filter({ hasText: firstText ?? '' })
          .first(),
        log,
      ),
    ).toBe(true);
    const before = await log.evaluate(({ scrollTop }) => scrollTop);
    await say('Dave', 'Something new');
    await said('Alice').filter({ hasText: 'Something new' }).waitFor({ state: 'attached' });
    expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(before);
  });

  it('can look at every frame, filter them and hold them', async () => {
    const frames = person('Alice').getByRole('tabpanel');
    await frames.getByText('message', { exact: true }).first().waitFor();
    await frames.getByRole('button', { name: 'Pause' }).click();
    await say('Bob', 'Not yet shown');
    await frames.getByRole('button', { name: /Go on · \d+ new/ }).waitFor();
    expect(await frames.getByText('Not yet shown').count()).toBe(0);
    await frames.getByRole('button', { name: 'Go on' }).click();
    await frames.getByRole('searchbox', { name: 'Filter' }).fill('not yet shown');
    const only = frames.locator('summary');
    await expect.poll(() => only.count()).toBe(1);
    await only.click();
    await frames.locator('pre').getByText('"action": "new_message"').waitFor();
  });

  it('are connected only where the page’s policy says so, and see which one wins and why', async () => {
    await choose('Bob', 'Page policy');
    const tool = person('Bob').getByRole('tabpanel');
    await tool.getByText('The path is exactly /chat.').waitFor();
    await person('Bob').getByRole('combobox', { name: 'Page path' }).fill('/login');
    await page.keyboard.press('Enter');
    await person('Bob').getByText('no WebSocket on this page', { exact: true }).waitFor();
    await tool.getByRole('button', { name: 'Go there /admin/*' }).click();
    await person('Bob').getByText('connected', { exact: true }).waitFor();
    await tool.getByText('The path is below /admin/*').waitFor();
    await person('Bob').getByText('The page has no messaging').waitFor();
  });

  it('send any command, and see why one is refused', async () => {
    await choose('Alice', 'Command');
    const tool = person('Alice').getByRole('tabpanel');
    const send = tool.getByRole('button', { name: 'Send command' });
    await send.click();
    await tool.getByText('"duplicate": false').waitFor();
    expect(await timesShown('Bob', 'Appointment')).toBeGreaterThan(0);
    await tool.getByRole('combobox', { name: 'Command' }).selectOption('presence');
    await tool.getByText('this page does not: expect feature_disabled').waitFor();
    await send.click();
    await tool.getByText('"code": "feature_disabled"').waitFor();
    await tool.getByRole('textbox', { name: 'userIds' }).fill('[');
    await send.click();
    await tool.getByText('userIds is not valid JSON').waitFor();
  });

  it('get what a back end broadcasts, explained before', async () => {
    const panel = page.getByRole('region', { name: 'Broadcast from the back end' });
    await panel.getByRole('combobox', { name: 'Kind' }).selectOption('announcement');
    await panel.getByRole('button', { name: 'Explain' }).click();
    await panel.getByText('feature_off_on_page').first().waitFor();
    await panel.getByRole('combobox', { name: 'Kind' }).selectOption('direct');
    await panel.getByRole('button', { name: 'Send' }).click();
    await panel.getByText('Accepted.').waitFor();
    await choose('Bob', 'Frames');
    await person('Bob').getByRole('tabpanel').getByText('direct_message', { exact: true }).first().waitFor();
    await page.getByRole('region', { name: 'What became of the last message' }).getByText('Kind: direct.').waitFor();
  });

  it('see who they are connected as, and with which token', async () => {
    await choose('Bob', 'Devices');
    await person('Bob').getByText('this one').waitFor();
    await choose('Bob', 'Token');
    await person('Bob').getByText('"sub": "bob"').waitFor();
  });

  it('become others, whose conversation is another one', async () => {
    await become('Bob', 'carol');
    await say('Carol', 'I am new here');
    expect(await timesShown('Alice', 'I am new here')).toBe(1);
    expect(await said('Alice').filter({ hasText: 'Hello, Bob!' }).count()).toBe(0);
  });
});

describe('the page', () => {
  it('is used by keyboard alone', async () => {
    await open();
    const startButton = page.getByRole('button', { name: 'Say hello' });
    await startButton.waitFor();
    for (
      let presses = 0;
      presses < 5 && !(await startButton.evaluate((button) => button === document.activeElement));
      presses += 1
    ) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByText('What to try now').waitFor();
    await person('Alice').getByRole('tab', { name: 'Frames' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => person('Alice').getByRole('tab', { name: 'Command' }).getAttribute('aria-selected'))
      .toBe('true');
  });

  it('keeps language and theme', async () => {
    await open();
    await page.getByRole('combobox', { name: 'Language' }).selectOption('zh');
    await page.getByRole('combobox', { name: '主题' }).selectOption('dark');
    await page.reload();
    await page.getByRole('button', { name: '说声你好' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  });

  it('keeps its secret out of the address, in this tab alone', async () => {
    await open();
    await page.locator('.start .main').waitFor();
    await expect.poll(() => page.url()).toBe(`${server.url}/playground/`);
    await page.reload();
    await page.locator('.start .main').waitFor();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByText('the whole address that the server printed').waitFor();
    await other.goto(playgroundOf(server));
    await other.locator('.start .main').waitFor();
  });

  it('runs no script but its own', async () => {
    await open();
    const { headers } = { headers: (await page.reload())?.headers() ?? {} };
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });
});
