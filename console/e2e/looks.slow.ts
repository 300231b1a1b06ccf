// The console as it is looked at: axe on every screen, nothing beside the window at 360 pixels, no English left in
// Chinese, and the keyboard.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { fillWithPeople, sayToBob, type Crowd } from './support/crowd.ts';
import { fillConversations } from './support/pictures-talk.ts';
import { fillWard, sayToMany, startServices, withServices, type Services } from './support/message-crowd.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let anna: Person;
let crowd: Crowd;
let services: Services;
/** Messages to some people, and to many. */
let ward: string;
let many: string;
let opened: Watched[] = [];

beforeAll(async () => {
  services = await startServices();
  [server, browser] = await Promise.all([startConsoleServer(withServices(services)), launchChromium()]);
  anna = await setUp(server);
  await join(anna, server, { email: 'li@clinic.example', name: '李伟', role: 'developer' });
  await anna.call('POST', `/tenants/${anna.tenant}/invitations`, { label: 'Nurse app', role: 'viewer' });
  await anna.call('POST', `/tenants/${anna.tenant}/apps`, { template: 'clinic', key: 'ward', name: 'Ward' });
  for (const [ifVersion, features] of [['messaging'], ['messaging', 'voice_note']].entries()) {
    const policy = { pattern: '/new', enabled: true, features };
    await anna.call('POST', '/apps/ward/pages/changes', { changes: [{ op: 'put', ifVersion, policy }] });
  }
  crowd = await fillWithPeople(server, { connections: 12 });
  await sayToBob(server);
  await fillConversations(server);
  ward = (await fillWard(server, crowd.clients)).messageId;
  many = await sayToMany(server);
});
afterAll(async () => {
  await crowd.end();
  await browser.close();
  await server.stop();
  await services.close();
});
afterEach(async () => {
  for (const { context } of opened) await context.close();
  opened = [];
});

async function open(options: Partial<WatchOptions> = {}): Promise<Watched> {
  const watched = await openWatched(browser, { url: server.url, ...options });
  opened.push(watched);
  return watched;
}

interface Screen {
  path: string;
  /** Is there once the screen is. */
  ready: string;
  /** Opens something on it. */
  open?: (page: Page) => Promise<void>;
}

const screens = (): Screen[] => [
  { path: `t/${anna.tenant}/apps`, ready: '[data-row]' },
  { path: `t/${anna.tenant}/apps`, ready: '[data-row]', open: (page) => page.keyboard.press('Control+k') },
  { path: `t/${anna.tenant}/welcome`, ready: '[name=template]' },
  { path: `t/${anna.tenant}/members`, ready: '[data-row]' },
  { path: `t/${anna.tenant}/members`, ready: '[data-row]', open: (page) => page.locator('[data-key=n]').click() },
  { path: `t/${anna.tenant}/audit`, ready: '[data-row]' },
  { path: `t/${anna.tenant}/audit`, ready: '[data-row]', open: (page) => page.locator('[data-row]').first().click() },
  { path: `t/${anna.tenant}/audit?q=nothing-like-this`, ready: 'main p' },
  { path: 'a/ward/pages?view=matrix', ready: '[data-cell]' },
  {
    path: 'a/ward/pages?view=matrix&try=/chat',
    ready: '[data-tried]',
    open: async (page) => {
      await page.locator('[data-page="/chat"] [data-field="enabled"]').click();
      await page.locator('[data-popover-content]').waitFor();
    },
  },
  { path: 'a/demo/kinds', ready: '[data-row]' },
  { path: 'a/demo/kinds/edit', ready: '[name=kind]', open: (page) => page.locator('[name=kind]').fill('scan') },
  { path: 'a/demo/kinds/edit?kind=message', ready: '[name=action]' },
  { path: 'a/demo/broadcast', ready: '[name=title]' },
  {
    path: 'a/demo/broadcast?kind=direct&users=bob,carol,nobody',
    ready: '[name=title]',
    open: async (page) => {
      await page.locator('[name=title]').fill('Hello');
      const steps = page.locator('main ol button');
      if (await steps.first().isVisible()) await steps.last().click();
      await page.locator('[data-row]').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { path: 'a/ward/pages?view=list', ready: '[data-row]' },
  { path: 'a/ward/pages?view=features', ready: '[role=switch]' },
  { path: 'a/ward/pages/edit?pattern=/chat', ready: '[name=connectionType]' },
  { path: 'a/ward/pages/edit', ready: '[name=pattern]', open: (page) => page.locator('[name=pattern]').fill('/new') },
  { path: 'a/ward/pages/history', ready: '[data-version]' },
  { path: 'a/ward/pages/history?pattern=/new&version=1&with=2', ready: '[data-field]' },
  { path: 'a/ward/settings', ready: 'main nav' },
  { path: 'a/ward/settings/general', ready: 'section textarea, section input' },
  { path: 'a/ward/settings/keys', ready: 'section li' },
  {
    path: 'a/ward/settings/keys',
    ready: 'section li',
    open: (page) => page.locator('section li button').first().click(),
  },
  { path: 'a/ward/settings/signing', ready: 'section li' },
  { path: 'a/ward/settings/origins', ready: 'section textarea' },
  { path: 'a/ward/settings/limits', ready: 'section input' },
  {
    path: 'a/ward/settings/danger',
    ready: 'section button',
    open: (page) => page.locator('section button').first().click(),
  },
  { path: 'a/ward/connect', ready: 'main pre' },
  { path: 'a/demo/overview', ready: '[data-tile]' },
  { path: 'a/demo/live', ready: 'main p' },
  { path: 'a/demo/connections', ready: '[data-row]' },
  { path: 'a/demo/connections', ready: '[data-row]', open: (page) => page.locator('[data-row]').first().click() },
  {
    path: 'a/demo/connections',
    ready: '[data-row]',
    open: async (page) => {
      await page.locator('[data-row]').first().click();
      await page.locator('aside button[aria-pressed]').last().click();
      await page.locator('[data-past]').first().waitFor();
    },
  },
  {
    path: 'a/demo/connections',
    ready: '[data-row]',
    open: async (page) => {
      await page.locator('[data-filter]').fill('device:');
      await page.keyboard.press('ArrowDown');
    },
  },
  { path: 'a/demo/connections?page=/nowhere', ready: 'main p' },
  { path: 'a/demo/users', ready: '[data-row]' },
  { path: 'a/demo/users/bob', ready: 'main li', open: (page) => page.locator('main li button').first().click() },
  { path: 'a/demo/users/bob?tab=preferences', ready: 'main select' },
  { path: 'a/demo/messages', ready: '[data-row]' },
  { path: 'a/demo/messages?kind=none', ready: 'main p' },
  {
    path: `a/demo/messages/${ward}`,
    ready: '[data-user]',
    open: (page) => page.locator('[data-user]').first().click(),
  },
  {
    path: `a/demo/messages/${ward}?user=hidden`,
    ready: '[data-user=hidden][aria-expanded=true]',
    open: (page) => page.locator('main section h2 ~ button').first().click(),
  },
  {
    path: `a/demo/messages/${ward}`,
    ready: '[data-user]',
    open: (page) => page.locator('main h1 ~ button').nth(1).click(),
  },
  { path: `a/demo/messages/${many}`, ready: '[data-counts]' },
  { path: 'a/demo/users/bob?tab=now', ready: '[role=tabpanel] [role=row]' },
  { path: 'a/demo/conversations', ready: '[data-row]' },
  { path: 'a/demo/conversations/all-hands', ready: 'section li:visible, section [data-row]' },
  {
    path: 'a/demo/conversations/c1',
    ready: 'section [data-row]',
    open: (page) => page.locator('section [data-row]').last().click(),
  },
  {
    path: 'a/demo/conversations/c1',
    ready: 'section [data-row]',
    open: (page) => page.locator('section button').first().click(),
  },
  { path: 'a/demo/playground', ready: 'main li' },
  { path: 'account/profile', ready: '[name=name]', open: (page) => page.locator('[name=name]').fill('Another') },
  { path: 'account/security', ready: 'section li' },
  { path: 'account/preferences', ready: '[name=timeZone]' },
  { path: 't/not-mine/members', ready: 'main h1' },
];

async function show(page: Page, { path, ready, open: act }: Screen): Promise<void> {
  await page.goto(`${server.url}/console/${path}`);
  await page.locator(ready).first().waitFor();
  await act?.(page);
  // What opens has opened.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map(({ finished }) => finished)).then(() => undefined),
  );
}

async function seriousFindings(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, at: nodes.map(({ target, html }) => `${target.join(' ')} ${html.slice(0, 120)}`) }));
}

/** What lies to the right of the window and can be scrolled to. */
const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map(({ tagName, className, textContent }) => `${tagName}.${className} ${textContent.slice(0, 40)}`);
  });

it.each([
  ['light', 1440],
  ['dark', 360],
] as const)('every screen keeps nobody out and fits, in %s colours, %i pixels wide', async (colorScheme, width) => {
  const { page, context, expectQuiet } = await open({ colorScheme, viewport: { width, height: 740 } });
  for (const path of ['sign-in', 'reset']) {
    await show(page, { path, ready: 'h1' });
    expect(await seriousFindings(page), path).toEqual([]);
  }
  await anna.enter(context);
  for (const screen of screens()) {
    await show(page, screen);
    expect.soft(await seriousFindings(page), screen.path).toEqual([]);
    expect.soft(await overflowing(page), screen.path).toEqual([]);
    await page.evaluate(() => sessionStorage.clear());
  }
  await expectQuiet();
});

it('a page in Chinese has no English left but names, keys and codes', async () => {
  const { page, context } = await open({ locale: 'zh-CN' });
  await anna.enter(context);
  await page.goto(`${server.url}/console/account/preferences`);
  await page.locator('[name=locale]').selectOption('zh');
  await page.keyboard.press('Control+s');
  await page.locator('[name=locale]').waitFor();
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  const known =
    /^(?:Belfry|Clinic|Bob Meier|page:|kind:|patient|doctor|nurse|Alice|Bob|Demo|demo|Ward|ward|v\d+|WebSocket|\/.*|Anna Li|anna@clinic\.example|English|Ctrl|K|g|[amdp]|UTC|Nurse app|GMT.*|[A-Z][a-z]+\/.*|li@clinic\.example|node.*|127\.0\.0\.1|JSON|Webhook|default|message|API|\d+ B \/ \d+ GiB)$/;
  for (const screen of screens().filter(({ path }) => !path.includes('welcome') && !path.includes('audit'))) {
    await show(page, { ...screen, open: async () => undefined });
    const texts = await page.locator('body').evaluate((body) => {
      const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (node.parentElement?.closest('script, option, bdi, code, kbd') === null)
          found.push((node.textContent ?? '').trim());
      }
      return found;
    });
    expect
      .soft(texts.filter((text) => /[a-z]{3}/i.test(text) && !/\p{Script=Han}/u.test(text) && !known.test(text)))
      .toEqual([]);
  }
  const { version } = await anna.call<{ version: number }>('GET', '/account');
  await anna.call('PATCH', '/account', { locale: 'en' }, { 'If-Match': `"v${version}"` });
});

it('the keyboard alone finds a screen, opens a row and comes back to it', async () => {
  const { page, context, expectQuiet } = await open();
  await anna.enter(context);
  await page.goto(`${server.url}/console/t/${anna.tenant}/apps`);
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent.trim())).toBe('Skip to the content');
  await page.keyboard.press('Control+k');
  await page.locator('[role="dialog"] input:focus').waitFor();
  // By pinyin, whatever the language.
  await page.keyboard.type('shenji');
  await page.locator('[role="option"][aria-selected="true"]', { hasText: 'Audit' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Audit' }).waitFor();
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('j');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('1');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe('1');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'Messages', exact: true }).waitFor();
  await expectQuiet();
});
