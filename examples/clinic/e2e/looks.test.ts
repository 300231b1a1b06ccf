// The clinic in a window of a phone's width: the state of the connection in words, and the reason why something
// was refused.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, waitForStatus } from './support/clinic-window.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest({ opening: true }), launchBrowser()]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

it.each([
  ['en-GB', 'Connected', 'Connection lost'],
  ['zh-CN', '已连接', '连接已断开'],
])(
  'the state of the connection is read and not guessed from a dot, in %s',
  async (locale, connected, lost) => {
    const profile = await browser.newProfile({ locale, viewport: { width: 360, height: 760 } });
    const { page } = await signIn(clinic, profile, 'dr-lin');
    /** The words that can be seen: those of screen readers alone are one pixel wide. */
    const words = async (): Promise<string | undefined> => {
      const label = page.locator('belfry-status [part=label]');
      const box = await label.boundingBox();
      const isSeen = box !== null && box.width > 20 && box.x >= 0 && box.x + box.width <= 360;
      return isSeen ? await label.innerText() : undefined;
    };
    const overflow = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

    expect(await words()).toBe(connected);
    expect(await overflow()).toBe(0);
    clinic.proxy.setTarget(undefined);
    clinic.proxy.cutAll();
    await waitForStatus(page, 'reconnecting');
    expect(await words()).toBe(lost);
    expect(await overflow()).toBe(0);
    clinic.reconnectProxy();
    await waitForStatus(page, 'connected');
    await page.close();
  },
  60_000,
);

it('a refused file says why, and is not offered again', async () => {
  const { page } = await signIn(clinic, await browser.newProfile({ locale: 'zh-CN' }), 'dr-lin');
  await page.locator('[data-conversation="lin-mei"]').click();
  await page.locator('[data-message]').first().waitFor();
  const file = { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') };
  await page.locator('input[type=file]').setInputFiles(file);
  const refused = page.locator('.upload-failed');
  await refused.getByText('诊所接受图片、音频、PDF 和纯文本').waitFor();
  expect(await refused.getByRole('button').count()).toBe(1);
  await refused.getByRole('button').click();
  await refused.waitFor({ state: 'detached' });
  await page.close();
}, 60_000);
