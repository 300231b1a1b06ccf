// `node examples/clinic/e2e/screenshots.ts <folder>`: pictures of every page, narrow and wide, light and
// dark, in both languages, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { launchBrowser } from './support/browser.ts';
import { startClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn } from './support/clinic-window.ts';
import { createPng } from './support/png.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node screenshots.ts <folder>');
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
      for (const locale of ['en-GB', 'zh-CN']) {
        const profile = await browser.newProfile({ colorScheme, locale, viewport: { width, height: 800 } });
        const take = (page: Page, what: string) =>
          page.screenshot({ path: join(folder, `${what}-${width}-${colorScheme}-${locale.slice(0, 2)}.png`) });

        const { page: login } = await profile.newPage();
        await login.goto(`${clinic.origin}/login`);
        await login.locator('.person').first().waitFor();
        await take(login, 'login');

        const lin = await signIn(clinic, profile, 'dr-lin');
        await lin.page.locator('.entry').nth(2).waitFor();
        await take(lin.page, 'list');
        await lin.page.locator('[data-conversation="lin-mei"]').click();
        await lin.page.locator('audio').waitFor();
        await mei.page.getByRole('textbox', { name: 'Write a message' }).pressSequentially('...');
        await lin.page.locator('.typing:not(:empty)').waitFor();
        await lin.page.mouse.move(width / 2, 500);
        await take(lin.page, 'thread');

        const admin = await signIn(clinic, profile, 'ada-berg');
        await admin.page.locator('.figure').first().waitFor();
        const zhou = await signIn(clinic, profile, 'zhou');
        await admin.page.locator('.feed li').first().waitFor();
        await zhou.page.close();
        await admin.page.screenshot({
          path: join(folder, `admin-${width}-${colorScheme}-${locale.slice(0, 2)}.png`),
          fullPage: true,
        });
        await admin.page.goto(`${clinic.origin}/test-websocket`);
        await admin.page.locator('.facts').waitFor();
        await take(admin.page, 'test');
        for (const { page } of [lin, admin]) await page.close();
        await login.close();
      }
    }
  }
} finally {
  await browser.close();
  await clinic.stop();
}
