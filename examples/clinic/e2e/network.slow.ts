// Each message is shown once, in order, on both sides, whatever the network and the server do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type Profile, type TestBrowser } from './support/browser.ts';
import { setupMs, startClinicUnderTest, type ClinicUnderTest } from './support/clinic-under-test.ts';
import { signIn, waitForStatus, type ClinicWindow } from './support/clinic-window.ts';
import { createRandom } from './support/random.ts';
import { expectSaidOnce } from './support/said.ts';

let clinic: ClinicUnderTest;
let browser: TestBrowser;
let linProfile: Profile;
let lin: ClinicWindow;
let mei: ClinicWindow;

const conversationId = 'lin-mei';

beforeAll(async () => {
  [clinic, browser] = await Promise.all([startClinicUnderTest(), launchBrowser()]);
  linProfile = await browser.newProfile({ comesBackFast: true });
  lin = await signIn(clinic, linProfile, 'dr-lin');
  mei = await signIn(clinic, await browser.newProfile({ comesBackFast: true }), 'mei-wang');
  await Promise.all([lin.openConversation(conversationId), mei.openConversation(conversationId)]);
}, setupMs);

afterAll(async () => {
  await browser.close();
  await clinic.stop();
});

/** Keeps the texts of one test apart from those of another. */
const numbered = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);

async function sayAll(window: ClinicWindow, texts: readonly string[]): Promise<void> {
  for (const text of texts) await window.say(text);
}

describe('while the network is away for ten seconds', () => {
  it('both go on writing, and afterwards have the same conversation', async () => {
    const by = { 'dr-lin': numbered('Offline doctor', 6), 'mei-wang': numbered('Offline patient', 6) };
    await linProfile.setOffline(true);
    const awayUntil = Date.now() + 10_000;
    await Promise.all([sayAll(lin, by['dr-lin']), sayAll(mei, by['mei-wang'])]);
    await lin.message('Offline doctor 6').getByLabel('Waiting to be sent').waitFor();
    await lin.page.waitForTimeout(Math.max(0, awayUntil - Date.now()));
    expect(await mei.message('Offline doctor 1').count()).toBe(0);
    await linProfile.setOffline(false);
    await expectSaidOnce(clinic, { conversationId, by, windows: [lin, mei] });
  }, 120_000);
});

describe('when the server is killed and started again', () => {
  it('a message that was being sent arrives once', async () => {
    const by = { 'dr-lin': numbered('Killed doctor', 20), 'mei-wang': numbered('Killed patient', 20) };
    const sending = Promise.all([sayAll(lin, by['dr-lin']), sayAll(mei, by['mei-wang'])]);
    await mei.message('Killed doctor 3').waitFor();
    await clinic.kill();
    await sending;
    await clinic.restart();
    await expectSaidOnce(clinic, { conversationId, by, windows: [lin, mei] });
  }, 120_000);
});

describe('over a line that is cut 200 times', () => {
  it('nothing is lost, doubled or turned round', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`seed of the cuts: ${seed} (SEED=${seed} repeats them)`);
    const by = { 'dr-lin': [] as string[], 'mei-wang': [] as string[] };
    const before = clinic.proxy.cuts;
    const cutting = clinic.proxy.cutRandomly({ count: 200, random: createRandom(seed) });
    for (let number = 1; clinic.proxy.cuts - before < 200; number += 1) {
      by['dr-lin'].push(`Cut doctor ${number}`);
      by['mei-wang'].push(`Cut patient ${number}`);
      await Promise.all([lin.say(`Cut doctor ${number}`), mei.say(`Cut patient ${number}`)]);
    }
    await cutting;
    expect(clinic.proxy.cuts - before).toBe(200);
    await expectSaidOnce(clinic, { conversationId, by, windows: [lin, mei] });
    console.log(`${by['dr-lin'].length * 2} messages over a line that was cut 200 times`);
  }, 300_000);
});

describe('a message that waits to be sent', () => {
  it('survives a reload of the page', async () => {
    const by = { 'dr-lin': numbered('Kept', 3) };
    clinic.proxy.setTarget(undefined);
    clinic.proxy.cutAll();
    await sayAll(lin, by['dr-lin']);
    await lin.message('Kept 3').getByLabel('Waiting to be sent').waitFor();
    await lin.page.reload();
    await lin.message('Kept 3').getByLabel('Waiting to be sent').waitFor();
    clinic.reconnectProxy();
    await expectSaidOnce(clinic, { conversationId, by, windows: [lin, mei] });
  }, 120_000);

  it('is sent by one of two tabs, not by both', async () => {
    const second = await signIn(clinic, linProfile, 'dr-lin');
    await second.openConversation(conversationId);
    const by = { 'dr-lin': numbered('Tab', 5) };
    clinic.proxy.setTarget(undefined);
    clinic.proxy.cutAll();
    for (const { page } of [lin, second]) await page.locator('belfry-status:not([status="connected"])').waitFor();
    await sayAll(lin, by['dr-lin']);
    await second.message('Tab 5').getByLabel('Waiting to be sent').waitFor();

    const sent: string[] = [];
    for (const { page } of [lin, second]) {
      page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => void sent.push(String(payload))));
    }
    clinic.reconnectProxy();
    await expectSaidOnce(clinic, { conversationId, by, windows: [lin, second, mei] });
    for (const { page } of [lin, second]) await waitForStatus(page, 'connected');
    const messages = sent.filter((frame) => frame.includes('"action":"message"'));
    for (const text of by['dr-lin']) expect(messages.filter((frame) => frame.includes(`"${text}"`))).toHaveLength(1);
    await second.page.close();
  }, 120_000);
});
