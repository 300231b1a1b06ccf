// Pictures of every page and state of the clinic, narrow and wide, light and dark, in both languages, to be looked
// at. Judges nothing.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { launchBrowser, type Profile } from './support/browser.ts';
import { startClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, waitForStatus } from './support/clinic-window.ts';
import { createPng } from './support/png.ts';

const [folder, ...only] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node pictures.ts <folder> [part of a name ...]');
mkdirSync(folder, { recursive: true });

const [clinic, browser] = await Promise.all([startClinicUnderTest({ opening: true }), launchBrowser()]);
try {
  const others = await browser.newProfile();
  const mei = await signIn(clinic, others, 'mei-wang');
  await mei.openConversation('lin-mei');
  await mei.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'knee.png', mimeType: 'image/png', buffer: createPng(480, 300) });
  await mei.page.getByAltText('knee.png').waitFor();
  await mei.page.getByRole('button', { name: 'Record a voice note' }).click();
  await mei.page.waitForFunction(() => Number(document.querySelector('.recording')?.getAttribute('data-level')) > 0.05);
  await mei.page.getByRole('button', { name: 'Send the voice note' }).click();
  await mei.page.locator('audio').waitFor();
  const plan = Buffer.from('Bend, stretch, rest.\n');
  await mei.page.locator('input[type=file]').setInputFiles({ name: 'plan.txt', mimeType: 'text/plain', buffer: plan });
  await mei.page.getByRole('link', { name: 'Download plan.txt' }).waitFor();

  for (const width of [360, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['en-GB', 'zh-CN']) await takeAll({ width, colorScheme, locale }, mei.page);
    }
  }
} finally {
  await browser.close();
  await clinic.stop();
}

interface Look {
  width: number;
  colorScheme: 'light' | 'dark';
  locale: string;
}

/** Mei is the one whom Dr. Lin writes with. */
async function takeAll({ width, colorScheme, locale }: Look, mei: Page): Promise<void> {
  const name = `${width}-${colorScheme}-${locale.slice(0, 2)}`;
  if (only.length > 0 && !only.some((part) => name.includes(part))) return;
  const profile = await browser.newProfile({ colorScheme, locale, viewport: { width, height: 800 } });
  const take: Take = async (page, what, fullPage = false) => {
    await page.screenshot({ path: join(folder ?? '', `clinic-${what}-${name}.png`), fullPage, animations: 'disabled' });
  };
  await takeLogin(profile, take);
  const lin = await signIn(clinic, profile, 'dr-lin');
  await lin.page.locator('.entry').nth(2).waitFor();
  await take(lin.page, 'list');
  await takeThread(lin.page, mei, take);
  await takeAdmin(profile, lin.page, take);
  clinic.proxy.setTarget(undefined);
  clinic.proxy.cutAll();
  await lin.page.locator('belfry-status[status="reconnecting"]').waitFor();
  await lin.page.locator('textarea').fill('From the lift');
  await lin.page.keyboard.press('Enter');
  await lin.page.locator('[data-state="queued"]').waitFor();
  await take(lin.page, 'thread-away');
  clinic.reconnectProxy();
  await lin.page.locator('belfry-status[status="connected"]').waitFor();
  await waitForStatus(mei, 'connected');
  await lin.page.close();
}

type Take = (page: Page, what: string, fullPage?: boolean) => Promise<void>;

async function takeLogin(profile: Profile, take: Take): Promise<void> {
  const { page } = await profile.newPage();
  await page.route('**/api/config', (route) => route.abort());
  await page.goto(`${clinic.origin}/login`);
  await page.getByRole('button').first().waitFor();
  await take(page, 'unreachable');
  await page.unrouteAll();
  await page.reload();
  await page.locator('.person').first().waitFor();
  await take(page, 'login');
  await page.route('**/api/session', (route) => route.abort());
  await page.locator('.person').first().click();
  await page.getByRole('alert').waitFor();
  await take(page, 'login-failed');
  await page.close();
}

async function takeThread(page: Page, mei: Page, take: Take): Promise<void> {
  await page.locator('[data-conversation="lin-mei"]').click();
  await page.locator('audio').waitFor();
  await mei.getByRole('textbox', { name: 'Write a message' }).pressSequentially('...');
  await page.locator('.typing:not(:empty)').waitFor();
  await page.mouse.move((page.viewportSize()?.width ?? 0) / 2, 500);
  await take(page, 'thread');
  const refused = { name: 'setup-of-the-new-appointment-book.exe', mimeType: 'application/x-msdownload' };
  await page.locator('input[type=file]').setInputFiles({ ...refused, buffer: Buffer.from('MZ\0\0') });
  await page.locator('[data-state="failed"]').waitFor();
  await take(page, 'thread-refused');
  await page.locator('[data-state="failed"] .button-icon').click();
}

async function takeAdmin(profile: Profile, lin: Page, take: Take): Promise<void> {
  const { page } = await signIn(clinic, profile, 'ada-berg');
  await page.locator('.figure').first().waitFor();
  const zhou = await signIn(clinic, profile, 'zhou');
  await page.locator('.feed li').first().waitFor();
  await zhou.page.close();
  await page.locator('.form input').fill('Fire drill');
  await page.locator('.form textarea').fill('At noon, for ten minutes. The lifts stand still.');
  await page.locator('.form .button-main').click();
  await page.locator('.notice').first().waitFor();
  await take(page, 'admin', true);
  await page.bringToFront();
  await page.goto(`${clinic.origin}/test-websocket`);
  await page.locator('.facts').waitFor();
  await take(page, 'test', true);
  await page.close();
  await lin.bringToFront();
}
