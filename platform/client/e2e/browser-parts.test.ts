// The parts that only a browser has, in one: IndexedDB and locks that tabs share, progress of uploads, the
// microphone. Chat itself: test/real-chat.test.ts.
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBrowserBuild } from '../../../scripts/browser-build.ts';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import { putConversation } from '../../server/test/support/clinic.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import type * as chatModule from '../src/chat/index.ts';
import type * as coreModule from '../src/index.ts';
import type { Belfry } from '../src/types.ts';
import { startBlankSite, type BlankSite } from './support/blank-site.ts';

/** The modules that a page of the blank site holds. */
interface Held {
  belfry: Belfry;
  chat: chatModule.Chat;
  /** Texts of messages that this tab sent, each time it did. */
  frames: string[];
  queued: () => string[];
}
declare const held: Held;
/** See support/blank-site.ts. */
declare const sdk: { core: typeof coreModule; chat: typeof chatModule };

const policy = { pattern: '/team', enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat' };
const features = ['messaging', 'file_upload', 'voice_note'];

let server: WholeServer;
let site: BlankSite;
let browser: Browser;
let profile: BrowserContext;
let count = 0;
let room: string;

beforeAll(async () => {
  await ensureBrowserBuild({ say: () => undefined });
  server = await startWholeServer();
  await server.api('PUT', '/pages', { ...policy, features });
  site = await startBlankSite();
  browser = await launchChromium({ fakeMedia: true });
});
beforeEach(async () => {
  count += 1;
  room = `room-${count}`;
  await putConversation(server, room, ['alice', 'bob']);
  profile = await browser.newContext();
});
afterEach(() => profile.close());
afterAll(async () => {
  await browser.close();
  await site.stop();
  await server.stop();
});

/** A tab with alice in it; `before` runs in it first. */
async function openTab({ before }: { before?: () => void } = {}): Promise<Page> {
  const page = await profile.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  if (before) await page.addInitScript(before);
  await page.goto(`${site.url}/team`);
  await load(page, true);
  return page;
}

/** Connected once, so that it is known whose messages these are, and then not. */
async function openTabAway(options: { before?: () => void } = {}): Promise<Page> {
  const page = await openTab(options);
  await page.evaluate(() => held.belfry.disconnect());
  return page;
}

async function load(page: Page, connect: boolean): Promise<void> {
  await page.waitForFunction(() => 'sdk' in globalThis);
  const options = { url: server.url, token: await server.tokenOf('alice'), isOn: connect };
  await page.evaluate(({ url, token, isOn }) => {
    const belfry = sdk.core.createBelfry({ app: 'demo', url, getToken: () => token });
    const frames: string[] = [];
    belfry.onFrame(({ direction, text }) => {
      const { action, data } = JSON.parse(text) as { action?: string; data?: { content?: { text: string } } };
      if (direction === 'out' && action === 'message') frames.push(String(data?.content?.text));
    });
    const chat = sdk.chat.createChat(belfry);
    const queued = (): string[] => belfry.outbox.messages().map(({ draft }) => String(draft.content['text']));
    Object.assign(globalThis, { held: { belfry, chat, frames, queued } });
    belfry.start();
    chat.start();
    if (!isOn) belfry.disconnect();
  }, options);
  if (connect) await page.waitForFunction(() => held.belfry.snapshot().status === 'connected');
}

async function send(page: Page, ...texts: string[]): Promise<void> {
  await page.evaluate(
    ([conversationId, said]) => {
      for (const text of said) held.belfry.send({ conversationId, type: 'text', content: { text } });
    },
    [room, texts] as const,
  );
}

async function stored(): Promise<string[]> {
  const { body } = await server.api('GET', `/conversations/${room}/messages?limit=100`);
  return (body['messages'] as { content: { text: string } }[]).map(({ content }) => content.text);
}

/** The content of IndexedDB. */
function kept(page: Page): Promise<number> {
  return page.evaluate(async () => {
    // To open it would be to make it, without the drawer that the SDK makes.
    if ((await indexedDB.databases()).every(({ name }) => name !== 'belfry')) return 0;
    return await new Promise<number>((resolve) => {
      const opening = indexedDB.open('belfry');
      opening.onsuccess = () => {
        const db = opening.result;
        const counting = db.transaction('queue').objectStore('queue').count();
        counting.onsuccess = () => {
          db.close();
          resolve(counting.result);
        };
      };
    });
  });
}

test('the queue survives a reload, and is sent by the next life of the page', async () => {
  const page = await openTabAway();
  await send(page, 'one', 'two', 'three');
  await expect.poll(() => kept(page)).toBe(3);
  await page.reload();
  // Written before anybody asked who is here, as on a page that was loaded offline.
  await load(page, false);
  await send(page, 'four');
  await expect.poll(() => kept(page)).toBe(4);
  await page.reload();
  await load(page, true);
  await expect.poll(stored).toEqual(['one', 'two', 'three', 'four']);
  await expect.poll(() => kept(page)).toBe(0);
});

test('two tabs send each message once, and each tab sees all of them go', async () => {
  const [a, b] = [await openTab(), await openTab()];
  const texts = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all([send(a, ...texts.map((text) => `a${text}`)), send(b, ...texts.map((text) => `b${text}`))]);
  // Forty round trips in a row, on a machine that may have much else to do.
  await expect.poll(async () => (await stored()).length, { timeout: 10_000 }).toBe(40);
  const all = await stored();
  expect(all.filter((text) => text.startsWith('a'))).toEqual(texts.map((text) => `a${text}`));
  expect(all.filter((text) => text.startsWith('b'))).toEqual(texts.map((text) => `b${text}`));
  const frames = [...(await a.evaluate(() => held.frames)), ...(await b.evaluate(() => held.frames))];
  expect(frames.sort()).toEqual([...all].sort());
  for (const page of [a, b]) await expect.poll(() => page.evaluate(() => held.queued())).toEqual([]);
});

test('a tab that is closed leaves its messages to the other', async () => {
  const away = await openTabAway();
  const other = await openTabAway();
  await send(away, 'one', 'two');
  // A tab that is closed before that leaves nothing for the other, whatever it has heard.
  await expect.poll(() => kept(other)).toBe(2);
  await away.close();
  await other.evaluate(() => held.belfry.connect());
  await expect.poll(stored).toEqual(['one', 'two']);
  // The server has a message before its answer is here.
  await expect.poll(() => other.evaluate(() => held.queued())).toEqual([]);
});

test('without IndexedDB and locks, localStorage does for both', async () => {
  const before = (): void => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    Object.defineProperty(navigator, 'locks', { value: undefined });
  };
  const page = await openTabAway({ before });
  await send(page, 'one', 'two');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('belfry.queue:demo:alice') ?? '')).toContain('two');
  await page.reload();
  await load(page, true);
  const second = await openTab({ before });
  await send(second, 'three');
  await expect.poll(stored).toEqual(['one', 'two', 'three']);
});

test('an IndexedDB that refuses is passed over', async () => {
  const page = await openTab({
    before: () => {
      indexedDB.open = () => {
        throw new DOMException('not here', 'SecurityError');
      };
    },
  });
  await send(page, 'one');
  await expect.poll(stored).toEqual(['one']);
});

test('an upload reports how far it is, and can be cancelled on its way', async () => {
  const page = await openTab();
  // Slow enough to see something of it: 5 MB in two seconds.
  const network = await profile.newCDPSession(page);
  await network.send('Network.enable');
  const mayUpload = { uploadThroughput: 2_500_000, downloadThroughput: -1, latency: 0, offline: false };
  await network.send('Network.emulateNetworkConditions', mayUpload);
  const steps = await page.evaluate(async (conversationId) => {
    const until = (isSo: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          if (!isSo()) return;
          clearInterval(timer);
          resolve();
        }, 5);
      });
    await until(() => held.chat.snapshot().features.uploads !== undefined);
    const { uploads } = held.chat.snapshot().features;
    if (!uploads) throw new Error('no uploads');
    const seen: number[] = [];
    uploads.subscribe(() => seen.push(...uploads.snapshot().map(({ sentBytes }) => sentBytes)));
    const file = new File(['text '.repeat(1_000_000)], 'long.txt', { type: 'text/plain' });
    uploads.send(conversationId, file);
    await until(() => uploads.snapshot().length === 0);
    const id = uploads.send(conversationId, file);
    uploads.cancel(id);
    return { seen, left: uploads.snapshot().length };
  }, room);
  expect(steps.left).toBe(0);
  expect(steps.seen[0]).toBe(0);
  expect(Math.max(...steps.seen)).toBe(5_000_000);
  expect(new Set(steps.seen).size).toBeGreaterThan(2);
  await expect.poll(async () => (await stored()).length).toBe(1);
  const { body } = await server.api('GET', `/conversations/${room}/messages`);
  expect(body).toMatchObject({ messages: [{ type: 'file', content: { name: 'long.txt', bytes: 5_000_000 } }] });
});

test('a voice note is recorded, heard by its level, and sent', async () => {
  const page = await openTab();
  const note = await page.evaluate(async (conversationId) => {
    const until = (isSo: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const timer = setInterval(() => {
          if (!isSo()) return;
          clearInterval(timer);
          resolve();
        }, 20);
      });
    await until(() => held.chat.snapshot().features.voiceNotes !== undefined);
    const { voiceNotes } = held.chat.snapshot().features;
    if (!voiceNotes?.isSupported) throw new Error('no recorder');
    const given = await voiceNotes.record();
    given.cancel();
    const recording = await voiceNotes.record();
    let loudest = 0;
    recording.subscribe(() => (loudest = Math.max(loudest, recording.snapshot().level)));
    // The fake microphone beeps once a second.
    await until(() => loudest > 0.05 && recording.snapshot().durationMs > 1200);
    const made = await recording.stop();
    voiceNotes.send(conversationId, made);
    await until(() => voiceNotes.snapshot().length === 0);
    return { loudest, bytes: made.blob.size, points: made.waveform, state: recording.snapshot().state };
  }, room);
  expect(note).toMatchObject({ state: 'stopped' });
  expect(note.bytes).toBeGreaterThan(500);
  expect(note.points.length).toBeGreaterThan(5);
  await expect.poll(async () => (await stored()).length).toBe(1);
  const { body } = await server.api('GET', `/conversations/${room}/messages`);
  const [message] = body['messages'] as { type: string; content: Record<string, unknown> }[];
  expect(message).toMatchObject({ type: 'voice', content: { type: 'audio/webm', waveform: note.points } });
  expect(message?.content['durationMs']).toBeGreaterThan(1000);
});
