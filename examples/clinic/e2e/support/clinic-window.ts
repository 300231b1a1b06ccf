// One window of the clinic, as a person uses it. Finds things by their role and name.
import type { Locator, Page } from 'playwright';
import type { ClinicUnderTest } from './clinic-under-test.ts';
import type { Profile, WatchedPage } from './browser.ts';

export type PersonId = 'dr-lin' | 'mei-wang' | 'tom-baker' | 'zhou' | 'ada-berg';

/** In English and Chinese. */
const names: Record<PersonId, RegExp> = {
  'dr-lin': /Dr\. Lin|林医生/,
  'mei-wang': /Mei Wang|王梅/,
  'tom-baker': /Tom Baker|汤姆/,
  zhou: /Zhou Yan|周颜/,
  'ada-berg': /Ada Berg|艾达/,
};

export interface ClinicWindow extends WatchedPage {
  readonly status: Locator;
  /** In the order of the screen. */
  texts(): Promise<string[]>;
  /** The texts that the server has stored. */
  sentTexts(): Promise<string[]>;
  /** The newest with exactly this text. */
  message(text: string): Locator;
  say(text: string): Promise<void>;
  openConversation(id: string): Promise<void>;
}

/** A window in which somebody is signed in and connected. */
export async function signIn(clinic: ClinicUnderTest, profile: Profile, personId: PersonId): Promise<ClinicWindow> {
  const watched = await profile.newPage();
  await watched.page.goto(`${clinic.origin}/login`);
  await watched.page.getByRole('button', { name: names[personId] }).click();
  const window = asWindow(watched);
  await waitForStatus(watched.page, 'connected');
  return window;
}

function asWindow(watched: WatchedPage): ClinicWindow {
  const { page } = watched;
  return {
    ...watched,
    status: page.locator('belfry-status'),
    texts: () => page.locator('.bubble-text').allTextContents(),
    sentTexts: () => page.locator('[data-state="sent"] .bubble-text').allTextContents(),
    message: (text) =>
      page
        .locator('[data-message]')
        .filter({ has: page.locator('.bubble-text').getByText(text, { exact: true }) })
        .last(),
    async say(text) {
      await page.getByRole('textbox', { name: 'Write a message' }).fill(text);
      await page.keyboard.press('Enter');
    },
    async openConversation(id) {
      await page.locator(`[data-conversation="${id}"]`).click();
      await page.getByRole('textbox', { name: 'Write a message' }).waitFor();
    },
  };
}

export async function waitForStatus(page: Page, status: string): Promise<void> {
  await page.locator(`belfry-status[status="${status}"]`).waitFor();
}
