// Conversations to look at, and pictures of the screens that show them. Which looks they are taken in: pictures.ts.
import type { Page } from 'playwright';
import type { WholeServer } from '../../../platform/server/test/support/whole-server.ts';
import { hostile } from './console-server.ts';

type Take = (state: string) => Promise<unknown>;

/** A consultation that is read, one with a name that wants to be more, one of many people. */
export async function fillConversations({ api }: Pick<WholeServer, 'api'>): Promise<void> {
  const made = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const answer = await api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const say = (id: string, senderId: string, text: string) =>
    made('POST', `/conversations/${id}/messages`, { senderId, type: 'text', content: { text } });
  const crowd = Array.from({ length: 240 }, (_, index) => `nurse-${String(index).padStart(3, '0')}`);
  await made('PUT', '/conversations/all-hands', { title: 'All hands', participants: crowd });
  for (const text of ['Please read this', 'The ward moves on Monday', 'Thank you'])
    await say('all-hands', 'nurse-000', text);
  for (const [index, userId] of crowd.slice(0, 90).entries()) {
    await made('POST', '/conversations/all-hands/read', { userId, seq: index < 60 ? 3 : 2 });
  }
  await made('PUT', '/conversations/hostile', { title: hostile, participants: ['mallory'] });
  await say('hostile', 'mallory', hostile);
  for (let index = 0; index < 4; index += 1) {
    await made('PUT', `/conversations/lab-${index}`, { title: `Lab ${index + 1}`, participants: ['alice', 'lab'] });
  }
  const people = [
    { userId: 'alice', role: 'patient' },
    { userId: 'bob', role: 'doctor' },
    { userId: 'carol', role: 'nurse' },
  ];
  await made('PUT', '/conversations/c1', { title: 'Consultation', participants: people });
  for (let index = 1; index <= 126; index += 1) {
    await say(
      'c1',
      index % 3 === 0 ? 'alice' : 'bob',
      `Line ${index}: how is the knee today? It is better than it was.`,
    );
  }
  const wrong = await say('c1', 'alice', 'Sent to the wrong person');
  await made('DELETE', `/messages/${String(wrong['messageId'])}`);
  const edited = await say('c1', 'bob', 'See you on Monda');
  await made('PATCH', `/messages/${String(edited['messageId'])}`, { content: { text: 'See you on Monday' } });
  await made('POST', '/conversations/c1/read', { userId: 'alice', seq: 128 });
  await made('POST', '/conversations/c1/read', { userId: 'carol', seq: 125 });
}

/** `app`: the address of the app's screens. */
export async function takeTalk(page: Page, take: Take, app: string): Promise<void> {
  await page.goto(`${app}/conversations`);
  await page.locator('[data-row]').first().waitFor();
  await take('e-conversations');
  await page.goto(`${app}/conversations?q=nothing+of+this+name`);
  await page.locator('main p').last().waitFor();
  await take('e-conversations-no-match');
  await page.goto(`${app}/conversations/c1`);
  await page.locator('section [data-row="127"]').waitFor();
  await page.waitForLoadState('networkidle');
  await take('e-conversation');
  await page.locator('section form').getByRole('textbox').fill(':40');
  await page.keyboard.press('Enter');
  await page.locator('section [data-row="39"]').waitFor();
  await take('e-conversation-jump');
  await page
    .locator('section > div button')
    .filter({ hasText: /^(Show content|显示内容)$/ })
    .click();
  await page.locator('section [data-row="39"]', { hasText: 'how is the knee' }).waitFor();
  await take('e-conversation-content');
  await page.locator('section [data-row="39"]').click();
  await page.locator('aside pre').waitFor();
  await take('e-message');
  await page.goto(`${app}/conversations/all-hands`);
  await page.locator('section [data-row="2"]').waitFor();
  await page.waitForLoadState('networkidle');
  await take('e-conversation-many');
  await page.goto(`${app}/conversations/hostile`);
  await page.locator('section [data-row="0"]').waitFor();
  await take('e-conversation-hostile');
}

/** Before anything, and after two people said hello. */
export async function takePlayground(page: Page, take: Take, app: string): Promise<void> {
  await page.goto(`${app}/playground?first`);
  const start = page.getByRole('button', { name: /^(Say hello|说声你好)$/ });
  await start.waitFor();
  await take('f-playground');
  await start.click();
  await page.locator('li.done').nth(4).waitFor();
  await page.waitForLoadState('networkidle');
  await take('f-playground-hello');
  await page.locator('main').evaluate((main) => main.scrollTo({ top: main.scrollHeight }));
  await page.evaluate(() => scrollTo({ top: document.body.scrollHeight }));
  await take('f-playground-journey');
  await page.getByRole('button', { name: /^(Share|分享)$/ }).click();
  await page.getByRole('dialog').waitFor();
  await take('f-playground-share');
}
