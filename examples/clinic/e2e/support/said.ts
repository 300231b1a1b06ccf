// Compares the windows with the sent messages: each message once, each sender's in order, the same everywhere
// and in the server's log.
import { expect } from 'vitest';
import type { ClinicUnderTest } from './clinic-under-test.ts';
import type { ClinicWindow } from './clinic-window.ts';

interface Said {
  conversationId: string;
  /** The texts of each sender, in order. */
  by: Readonly<Record<string, readonly string[]>>;
  /** In both of them the conversation is open. */
  windows: readonly ClinicWindow[];
}

/**
 * Waits until all of it is shown everywhere; then nothing of it may be lost, doubled or out of order. A window that
 * was away for too much begins with the newest messages, and has the older ones when somebody scrolls to them.
 */
export async function expectSaidOnce(clinic: ClinicUnderTest, { conversationId, by, windows }: Said): Promise<void> {
  const all = Object.values(by).flat();
  for (const window of windows) {
    await expect
      .poll(
        async () => {
          const shown = (await window.sentTexts()).filter((text) => all.includes(text)).length;
          if (shown < all.length) await window.page.locator('[data-message]').first().scrollIntoViewIfNeeded();
          return shown;
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThanOrEqual(all.length);
  }
  const log = await readLog(clinic, conversationId);
  for (const [senderId, texts] of Object.entries(by)) {
    expect(log.filter((message) => message.senderId === senderId && texts.includes(message.text))).toEqual(
      texts.map((text) => ({ senderId, text })),
    );
  }
  const texts = log.map(({ text }) => text);
  for (const window of windows) {
    // Read once: a page of older ones may come at any moment.
    const shown = await window.texts();
    expect(shown).toEqual(texts.slice(-shown.length));
  }
}

async function readLog(clinic: ClinicUnderTest, id: string): Promise<{ senderId: string; text: string }[]> {
  interface Page {
    messages: { senderId: string; seq: number; content: { text: string } }[];
    hasMore: boolean;
  }
  const log: { senderId: string; text: string }[] = [];
  for (let afterSeq = 0, hasMore = true; hasMore;) {
    const page = await clinic.api<Page>('GET', `/conversations/${id}/messages?afterSeq=${afterSeq}&limit=100`);
    for (const { senderId, content } of page.messages) log.push({ senderId, text: content.text });
    afterSeq = page.messages.at(-1)?.seq ?? afterSeq;
    ({ hasMore } = page);
  }
  return log;
}
