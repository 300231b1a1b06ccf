// Pictures of every screen of the console, narrow and wide, light and dark, in both languages, to be looked at.
// Judges nothing.
import { mkdirSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { fillSettings, takeSettings } from './support/settings-pictures.ts';
import { fillWithPeople, sayToBob } from './support/crowd.ts';
import { fillFigures } from './support/figures.ts';
import { fillWard, sayToMany, startServices, withServices } from './support/message-crowd.ts';
import { takeMessages } from './support/pictures-messages.ts';
import { takeSeeing } from './support/pictures-seeing.ts';
import { takeSending } from './support/pictures-sending.ts';
import { fillConversations, takePlayground, takeTalk } from './support/pictures-talk.ts';
import { hostile, join, setUp, startConsoleServer, tokenOf, type Person } from './support/console-server.ts';

const [folder, ...only] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node pictures.ts <folder> [part of a name ...]');
mkdirSync(folder, { recursive: true });

const services = await startServices();
const server = await startConsoleServer(withServices(services));
const browser = await launchChromium();
const crowd = await fillWithPeople(server, { connections: 40 });
const alice = await crowd.clients.connect({ userId: 'alice', page: '/chat' });
/** Something passes all the time. */
const talk = setInterval(() => void alice.ask('subscribe', { topic: 'of-nobody' }).catch(() => undefined), 300);
let sent = { ward: '', crowd: '' };
try {
  const fresh = await startConsoleServer();
  const owner = await fill();
  await sayToBob(server);
  await fillConversations(server);
  await fillFigures(server, { minutes: 49 * 60, hours: 110 });
  sent = { ward: (await fillWard(server, crowd.clients)).messageId, crowd: await sayToMany(server) };
  for (const width of [360, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['en-GB', 'zh-CN'])
        await takeAll(owner, { width, colorScheme, locale, setupUrl: fresh.url });
    }
  }
  await fresh.stop();
} finally {
  clearInterval(talk);
  await crowd.end();
  await browser.close();
  await server.stop();
  await services.close();
}

/** A tenant as it is after some weeks. */
async function fill(): Promise<Person> {
  const first = await setUp(server);
  for (const [email, name, role] of [
    ['bo@clinic.example', 'Bo', 'developer'],
    ['li@clinic.example', '李伟', 'admin'],
    ['long@clinic.example', 'Dr. Maximiliane Freifrau von und zu Hohenlohe-Waldenburg', 'viewer'],
    ['hostile@clinic.example', hostile, 'viewer'],
  ] as const) {
    await join(first, server, { email, name, role });
  }
  await first.call('POST', `/tenants/${first.tenant}/invitations`, { label: 'Nurse app developer', role: 'developer' });
  for (const [template, key, name] of [
    ['clinic', 'clinic-production', 'Clinic'],
    ['chat', 'staging', 'Staging'],
  ]) {
    await first.call('POST', `/tenants/${first.tenant}/apps`, { template, key, name });
  }
  await fillSettings({ url: server.url, owner: first, app: 'clinic-production' });
  return first;
}

interface Look {
  width: number;
  colorScheme: 'light' | 'dark';
  locale: string;
  setupUrl: string;
}

async function takeAll(owner: Person, look: Look): Promise<void> {
  const { width, colorScheme, locale, setupUrl } = look;
  const name = `${width}-${colorScheme}-${locale.slice(0, 2)}`;
  if (only.length > 0 && !only.some((part) => name.includes(part))) return;
  const context = await browser.newContext({ colorScheme, locale, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const take = (state: string): Promise<unknown> =>
    page.screenshot({ path: joinPath(folder ?? '', `console-${state}-${name}.png`), animations: 'disabled' });
  await takeOutside(page, take, { setupUrl, owner });
  await owner.call('PATCH', '/account', { locale: locale.slice(0, 2) }, { 'If-Match': `"v${await version(owner)}"` });
  await takeInside(context, page, take, owner);
  await context.close();
}

async function version(person: Person): Promise<number> {
  return (await person.call<{ version: number }>('GET', '/account')).version;
}

type Take = (state: string) => Promise<unknown>;

async function takeOutside(
  page: Page,
  take: Take,
  { setupUrl, owner }: { setupUrl: string; owner: Person },
): Promise<void> {
  await page.goto(`${setupUrl}/console/setup#code=K7QF-2M9D-XW4T-HB6R`);
  await page.locator('[name=email]').waitFor();
  await page.locator('[name=password]').fill('abcdefgh');
  await take('1-setup');
  await page.goto(`${server.url}/console/sign-in`);
  await page.locator('[name=email]').fill('anna@clinic.example');
  await page.locator('[name=password]').fill('a wrong password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await take('2-sign-in-wrong');
  const { link } = await owner.call<{ link: string }>('POST', `/tenants/${owner.tenant}/invitations`, {
    label: 'Picture',
    role: 'developer',
  });
  await page.goto(`${server.url}/console/invite/${tokenOf(link)}`);
  await page.locator('[name=email]').waitFor();
  await take('3-invite');
  await page.goto(`${server.url}/console/invite/${'x'.repeat(32)}`);
  await page.getByRole('alert').waitFor();
  await take('3-invite-gone');
}

async function takeInside(context: BrowserContext, page: Page, take: Take, owner: Person): Promise<void> {
  await owner.enter(context);
  const at = (screen: string): string => `${server.url}/console/t/${owner.tenant}/${screen}`;
  await page.goto(at('welcome'));
  await page.locator('[name=template]').first().waitFor();
  await page.locator('[name=name]').fill('Nurse App');
  await take('4-welcome');
  await page.goto(at('apps'));
  await page.locator('[data-row]').first().waitFor();
  await take('5-apps');
  await page.keyboard.press('Control+k');
  await page.locator('[data-command-input], input[role=combobox]').first().waitFor();
  await take('5-palette');
  await page.keyboard.press('Escape');
  await page.goto(at('members'));
  await page.locator('[data-row]').first().waitFor();
  await take('6-members');
  await page.locator('[data-row] select:not(:disabled)').first().selectOption('viewer');
  await page.getByRole('dialog').waitFor();
  await take('6-members-role');
  await page.keyboard.press('Escape');
  await page.goto(at('audit'));
  await page.locator('[data-row]').first().waitFor();
  await take('7-audit');
  await page.locator('[data-row]').nth(1).click();
  await page.locator('aside').waitFor();
  await take('7-audit-drawer');
  await page.goto(`${at('audit')}?actor=nobody-of-this-name`);
  await page.locator('[data-filter]').waitFor();
  await page.locator('main p').last().waitFor();
  await take('7-audit-no-match');
  await takePages(page, take, owner);
  await takeSettings(page, take, { url: server.url, owner, app: 'clinic-production' });
  await takeSeeing(page, take, `${server.url}/console/a/demo`);
  await takeSending(page, take, `${server.url}/console/a/demo`);
  await takeTalk(page, take, `${server.url}/console/a/demo`);
  await takeMessages(page, take, `${server.url}/console/a/demo`, sent);
  await takePlayground(page, take, `${server.url}/console/a/demo`);
  await takeAccount(page, take);
}

/** `clinic-production` with two tabs on `/chat`, and a draft. */
async function takePages(page: Page, take: Take, owner: Person): Promise<void> {
  const at = (screen: string): string => `${server.url}/console/a/clinic-production/${screen}`;
  await page.goto(at('pages?view=matrix'));
  await page.locator('[data-cell]').first().waitFor();
  await take('a-pages-matrix');
  const isNarrow = (page.viewportSize()?.width ?? 0) < 900;
  // Behind the column that stays, a finger scrolls first.
  if (isNarrow) await page.goto(at('pages?view=features&feature=voice_note'));
  const cell = page
    .locator(isNarrow ? '[role=switch]' : '[data-page="/chat"] [data-field="feature voice_note"]')
    .first();
  await cell.click();
  await page.locator('[data-popover-content]').getByRole('button').first().waitFor();
  await take('a-pages-cell');
  await page.locator('[data-popover-content]').getByRole('button').last().click();
  await take('a-pages-draft');
  await page.goto(at('pages?view=list&try=/doctor/chat/7'));
  await page.locator('[data-row]').first().waitFor();
  await take('a-pages-list-try');
  await page.goto(at('pages?view=features&feature=voice_note'));
  await page.locator('[role=switch]').first().waitFor();
  await take('a-pages-features');
  await page.goto(at('pages/edit?pattern=/chat'));
  await page.locator('[name=connectionType]').waitFor();
  await take('a-pages-edit');
  await page.goto(at('pages/edit'));
  await page.locator('[name=pattern]').fill('/ward/:id');
  await take('a-pages-new');
  const { pages } = await owner.call<{ pages: { pattern: string; version: number }[] }>(
    'GET',
    '/apps/clinic-production/pages',
  );
  const login = pages.find(({ pattern }) => pattern === '/login');
  const put = { pattern: '/login', enabled: login !== undefined && login.version % 2 === 1 };
  const change = { op: 'put', ifVersion: login?.version ?? 0, policy: put };
  await owner.call('POST', '/apps/clinic-production/pages/changes', { changes: [change], note: 'maintenance' });
  await page.goto(at('pages/history'));
  await page.locator('[data-version]').first().waitFor();
  await take('a-pages-history');
  await page.goto(at('pages/history?pattern=/login&version=1'));
  await page.locator('[data-field]').first().waitFor();
  await take('a-pages-compare');
  await page.goto(`${server.url}/console/a/staging/pages`);
  await page.locator('main h1').waitFor();
  await take('a-pages-other');
  await page.evaluate(() => sessionStorage.clear());
}

async function takeAccount(page: Page, take: Take): Promise<void> {
  await page.goto(`${server.url}/console/account/profile`);
  await page.locator('[name=name]').fill('Anna Lee');
  await take('8-profile-changed');
  await page
    .locator('nav a[href$="/account/security"]')
    .first()
    .evaluate((link: HTMLElement) => link.click());
  await page.getByRole('dialog').waitFor();
  await take('8-profile-leave');
  await page.getByRole('dialog').getByRole('button').last().click();
  await page.locator('section ul li').first().waitFor();
  await take('9-security');
  await page.locator('section button').first().click();
  await page.locator('svg[role=img]').waitFor();
  await take('9-second-factor');
  await page.keyboard.press('Escape');
  await page.goto(`${server.url}/console/account/preferences`);
  await page.locator('[name=timeZone]').waitFor();
  await take('9-preferences');
  await page.goto(`${server.url}/console/t/not-mine/members`);
  await page.locator('main h1').waitFor();
  await take('9-no-such-thing');
}
