// Two people in two windows, and the view of each on the other.
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, type ClinicWindow } from './support/clinic-window.ts';
import { createPng } from './support/png.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;
let lin: ClinicWindow;
let mei: ClinicWindow;

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest(), launchBrowser()]);
  lin = await signIn(clinic, await browser.newProfile(), 'dr-lin');
  mei = await signIn(clinic, await browser.newProfile(), 'mei-wang');
  await Promise.all([lin.openConversation('lin-mei'), mei.openConversation('lin-mei')]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

describe('two people', () => {
  it('read the messages of the other, as text and nothing else', async () => {
    await lin.say('Good morning, <img src=x onerror=alert(1)>');
    await mei.message('Good morning, <img src=x onerror=alert(1)>').waitFor();
    await mei.say('早上好，医生');
    await lin.message('早上好，医生').waitFor();
    expect(await lin.texts()).toEqual(['Good morning, <img src=x onerror=alert(1)>', '早上好，医生']);
    expect(await mei.texts()).toEqual(await lin.texts());
  });

  it('see each other type, until they send or stop', async () => {
    const typing = lin.page.getByText('Mei Wang is typing…');
    const field = mei.page.getByRole('textbox', { name: 'Write a message' });
    await field.pressSequentially('It hurts');
    await typing.waitFor();
    await field.press('Enter');
    await lin.message('It hurts').waitFor();
    await typing.waitFor({ state: 'hidden' });

    // Reported once a second at most: typing this slowly is seen.
    await field.pressSequentially('Since Monday', { delay: 120 });
    await typing.waitFor();
    // Neither sent nor taken back: it ends by itself.
    await typing.waitFor({ state: 'hidden' });
    await field.fill('');
  });

  it('see that the other has read it, once it was shown to them', async () => {
    await mei.page.getByRole('link', { name: 'Connection test' }).click();
    await lin.say('Can you see this?');
    const state = lin.message('Can you see this?').locator('.message-state');
    await lin.page.locator('[data-state="sent"]', { hasText: 'Can you see this?' }).waitFor();
    expect(await state.getAttribute('aria-label')).toBe('Sent');

    await mei.page.getByRole('link', { name: 'Messages' }).click();
    await mei.page.locator('[data-conversation="lin-mei"][data-unread="1"]').waitFor();
    await mei.openConversation('lin-mei');
    await mei.message('Can you see this?').waitFor();
    await lin.message('Can you see this?').getByLabel('Read').waitFor();
    await mei.page.locator('[data-conversation="lin-mei"][data-unread="0"]').waitFor();
  });

  it('change and take back their messages', async () => {
    await lin.say('Twice a day');
    const row = lin.message('Twice a day');
    await mei.message('Twice a day').waitFor();
    await row.hover();
    await row.getByRole('button', { name: 'Edit' }).click();
    await lin.page.getByRole('textbox', { name: 'Edit' }).fill('Three times a day');
    await lin.page.keyboard.press('Enter');
    await mei.message('Three times a day').getByText('edited').waitFor();

    const changed = lin.message('Three times a day');
    await changed.hover();
    await changed.getByRole('button', { name: 'Delete' }).click();
    await lin.page.getByRole('button', { name: 'Delete this message for everybody?' }).click();
    await mei.page.getByRole('log').getByText('This message was deleted.').waitFor();
    expect(await mei.texts()).not.toContain('Three times a day');
  });
});

describe('a message that is refused', () => {
  it('says so, and is sent when it is tried again and may be', async () => {
    const refusal = { isOn: true };
    const zhou = await signIn(clinic, await browser.newProfile({ refusal }), 'zhou');
    await zhou.openConversation('care-team');
    await zhou.say('Am I still in?');
    const message = zhou.message('Am I still in?');
    await message.getByLabel('Not sent').waitFor();
    refusal.isOn = false;
    await message.getByRole('button', { name: 'Try again' }).click();
    await message.getByLabel('Sent').waitFor();
    expect(await zhou.texts()).toEqual(['Am I still in?']);
    await zhou.page.close();
  });

  it('can be given up', async () => {
    const refusal = { isOn: true };
    const zhou = await signIn(clinic, await browser.newProfile({ refusal }), 'zhou');
    await zhou.openConversation('care-team');
    await zhou.say('Never mind');
    await zhou.message('Never mind').getByRole('button', { name: 'Discard' }).click();
    await zhou.message('Never mind').waitFor({ state: 'detached' });
    await zhou.page.close();
  });
});

describe('files', () => {
  it('are sent with progress, and shown as pictures where they are such', async () => {
    await hold(lin.page, '**/api/v1/uploads');
    await choose(lin.page, { name: 'knee.png', mimeType: 'image/png', buffer: createPng(64, 48) });
    const upload = lin.page.locator('.upload', { hasText: 'knee.png' });
    await upload.getByRole('progressbar').waitFor();
    await release(lin.page, '**/api/v1/uploads');
    await upload.waitFor({ state: 'detached' });
    for (const { page } of [lin, mei]) await pictureIsDrawn(page, 'knee.png');
  });

  it('can be stopped on their way', async () => {
    await hold(lin.page, '**/api/v1/uploads');
    await choose(lin.page, { name: 'never.png', mimeType: 'image/png', buffer: createPng(64, 48) });
    await lin.page.getByRole('button', { name: 'Cancel never.png' }).click();
    await lin.page.locator('.upload').waitFor({ state: 'detached' });
    await release(lin.page, '**/api/v1/uploads');
    await lin.say('Changed my mind');
    await mei.message('Changed my mind').waitFor();
    expect(await mei.page.getByAltText('never.png').count()).toBe(0);
  });

  it('of other kinds are links that bring the very same file', async () => {
    const content = Buffer.from('Exercises: bend, stretch, rest.\n');
    await choose(lin.page, { name: 'plan.txt', mimeType: 'text/plain', buffer: content });
    const link = mei.page.getByRole('link', { name: 'Download plan.txt' });
    await link.waitFor();
    const [download] = await Promise.all([mei.page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('plan.txt');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toEqual(content);
  });
});

describe('a voice note', () => {
  it('is recorded, sent, and can be played by the other', async () => {
    await mei.page.getByRole('button', { name: 'Record a voice note' }).click();
    // The fake microphone beeps.
    await mei.page.waitForFunction(
      () => Number(document.querySelector('.recording')?.getAttribute('data-level')) > 0.05,
    );
    await mei.page.getByRole('button', { name: 'Send the voice note' }).click();
    const audio = lin.page.locator('audio');
    await audio.waitFor();
    await lin.page.waitForFunction(() => (document.querySelector('audio')?.readyState ?? 0) > 0);
    expect(await audio.evaluate((element: HTMLAudioElement) => element.error)).toBeNull();
    expect(await lin.page.locator('[data-conversation="lin-mei"] .entry-last').textContent()).toBe('Voice note');
  });
});

describe('an old message', () => {
  beforeAll(async () => {
    for (let number = 1; number <= 130; number += 1) {
      await clinic.api('POST', '/chat/lin-tom/send', {
        senderId: 'tom-baker',
        type: 'text',
        content: { text: `Message ${number}` },
      });
    }
  });

  it('comes when one scrolls up to it, without a jump', async () => {
    await lin.openConversation('lin-tom');
    const { page } = lin;
    await lin.message('Message 130').waitFor();
    expect(await page.getByText('Message 20', { exact: true }).count()).toBe(0);
    const log = page.getByRole('log');
    await log.evaluate((element) => (element.scrollTop = 0));
    await expect.poll(() => lin.texts().then((texts) => texts[0])).not.toBe('Message 81');
    // The message that was being read is still in sight.
    await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBeGreaterThan(500);
    await expect
      .poll(async () => {
        await log.evaluate((element) => (element.scrollTop = 0));
        return (await lin.texts())[0];
      })
      .toBe('Message 1');
    expect(await lin.texts()).toEqual(Array.from({ length: 130 }, (_, index) => `Message ${index + 1}`));
    await page.getByText('The conversation begins here.').waitFor();
    await page.getByRole('button', { name: 'To the newest message' }).click();
    await page.getByRole('button', { name: 'To the newest message' }).waitFor({ state: 'detached' });
  });
});

it('neither window has written an error', () => {
  expect(lin.errors).toEqual([]);
  expect(mei.errors).toEqual([]);
});

async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file);
}

/** Requests of the page to there wait until they are released. */
async function hold(page: Page, url: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  releases.set(page, () => resolve(undefined));
  await page.route(url, async (route) => {
    await promise;
    // A request that was cancelled meanwhile cannot go on.
    await route.continue().catch(() => undefined);
  });
}

const releases = new Map<Page, () => void>();
async function release(page: Page, url: string): Promise<void> {
  releases.get(page)?.();
  await page.unroute(url);
}

async function pictureIsDrawn(page: Page, name: string): Promise<void> {
  const picture = page.getByAltText(name);
  await picture.waitFor();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
}
