// The console as it is looked at: axe on every screen, nothing beside the window at 360 pixels, no English left in
// Chinese, and the keyboard.
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { fillWithPeople, sayToBob, type Crowd } from './support/crowd.ts';
import { fillConversations } from './support/pictures-talk.ts';
import { fillWard, sayToMany, startServices, withServices, type Services } from './support/message-crowd.ts';
import { hiddenControls, overflowing, resizeTo, type WindowSize } from './support/within-window.ts';
import { openWatched, type Watched, type WatchOptions } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

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
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => undefined),
  );
}

async function seriousFindings(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({ id, at: nodes.map(({ target, html }) => `${target.join(' ')} ${html.slice(0, 120)}`) }));
}

const sizes: Record<'phone' | 'tablet' | 'zoomed' | 'wide', WindowSize> = {
  phone: { width: 360, height: 740 },
  tablet: { width: 768, height: 1024 },
  /** A window of 1440 x 900 at 200 %. */
  zoomed: { width: 720, height: 450, zoom: 2 },
  wide: { width: 1440, height: 900 },
};

/** Of what is open, at each of these sizes. */
async function expectToFit(page: Page, screen: Screen, names: readonly (keyof typeof sizes)[]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  for (const name of names) {
    await resizeTo(page, cdp, sizes[name]);
    // It is beside what it is about, which may be out of sight now.
    if ((await page.locator('[data-popover-content]').count()) > 0) await show(page, screen);
    expect.soft(await overflowing(page), `${screen.path}, ${name}`).toEqual([]);
    expect.soft(await hiddenControls(page), `${screen.path}, ${name}`).toEqual([]);
  }
  await cdp.detach();
}

it.each([
  ['light', ['wide', 'tablet', 'zoomed']],
  ['dark', ['phone']],
] as const)('every screen keeps nobody out and fits, in %s colours, %s', async (colorScheme, names) => {
  const { width, height } = sizes[names[0]];
  const { page, context, expectQuiet } = await open({ colorScheme, viewport: { width, height } });
  for (const path of ['sign-in', 'reset']) {
    await show(page, { path, ready: 'h1' });
    expect(await seriousFindings(page), path).toEqual([]);
    await expectToFit(page, { path, ready: 'h1' }, names);
  }
  await anna.enter(context);
  for (const screen of screens()) {
    await page.setViewportSize({ width, height });
    await show(page, screen);
    expect.soft(await seriousFindings(page), screen.path).toEqual([]);
    await expectToFit(page, screen, names);
    await page.evaluate(() => sessionStorage.clear());
  }
  await expectQuiet();
});

/** Texts, each with all of its forms. */
function textsIn(language: 'en' | 'zh'): string[] {
  const file = readFileSync(new URL(`../messages/${language}.json`, import.meta.url), 'utf8');
  const forms = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value as object).flatMap(forms);
  return forms(JSON.parse(file));
}

const englishTexts = new Set(textsIn('en')).difference(new Set(textsIn('zh')));

/** A text of the console in English, or two words of it one after the other. Codes and ids are single ones. */
function isEnglish(text: string): boolean {
  return englishTexts.has(text) || (/\b[a-z]{2,} [a-z]{2,}\b/i.test(text) && !/\p{Script=Han}/u.test(text));
}

it('in Chinese every screen fits, and no English is left but names and codes', async () => {
  const { page, context } = await open({ locale: 'zh-CN' });
  await anna.enter(context);
  await page.goto(`${server.url}/console/account/preferences`);
  await page.locator('[name=locale]').selectOption('zh');
  await page.keyboard.press('Control+s');
  await page.locator('[name=locale]').waitFor();
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  // People, an invitation, and what is named as a text is.
  const names = /^(?:Bob Meier|Anna Li|Nurse app)\b|^(?:All hands|Clinic|away|hidden|paused|pushed|read)$/;
  const { width, height } = sizes.phone;
  for (const screen of screens()) {
    await page.setViewportSize({ width, height });
    await show(page, screen);
    const texts = await page.locator('body').evaluate((body) => {
      // What somebody wrote stands in bdi and code.
      const foreign = 'script, option, bdi, code, pre, kbd, textarea';
      const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (node.parentElement?.closest(foreign) === null) found.push((node.textContent ?? '').trim());
      }
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        for (const each of body.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name)?.trim() ?? '');
      }
      return found;
    });
    const english = texts.filter((text) => isEnglish(text) && !names.test(text));
    expect.soft([...new Set(english)], screen.path).toEqual([]);
    await expectToFit(page, screen, ['phone', 'tablet', 'zoomed', 'wide']);
    await page.evaluate(() => sessionStorage.clear());
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
