// Pictures of every state of the playground, and of the page of the API's docs, narrow and wide, light and dark,
// in both languages, to be looked at. Judges nothing.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../server/test/support/whole-server.ts';
import { playgroundOf, startPlaygroundServer } from './support/playground-server.ts';

const [folder, ...only] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node pictures.ts <folder> [part of a name ...]');
mkdirSync(folder, { recursive: true });

const [server, browser] = await Promise.all([startPlaygroundServer(), launchChromium()]);
try {
  for (const width of [360, 1440]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['en-GB', 'zh-CN']) await takeAll({ width, colorScheme, locale });
    }
  }
} finally {
  await browser.close();
  await server.stop();
}

interface Look {
  width: number;
  colorScheme: 'light' | 'dark';
  locale: string;
}

async function takeAll(look: Look): Promise<void> {
  const { width, colorScheme, locale } = look;
  const name = `${width}-${colorScheme}-${locale.slice(0, 2)}`;
  if (only.length > 0 && !only.some((part) => name.includes(part))) return;
  const context = await browser.newContext({ colorScheme, locale, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const take = (state: string): Promise<unknown> =>
    page.screenshot({
      path: join(folder ?? '', `playground-${state}-${name}.png`),
      fullPage: true,
      animations: 'disabled',
    });
  // Each look begins with a conversation that nothing was said in.
  const userId = `robin-${name}`;
  await takeTroubles(page, server, take);
  await page.goto(playgroundOf(server));
  await page.locator('.start .main').waitFor();
  await take('1-first');
  const right = page.locator('.pane.right');
  await right.locator('.who input').first().fill(userId);
  await page.keyboard.press('Enter');
  await takeStates(page, take);
  await page.goto(`${server.url}/docs/`);
  await page.locator('.opblock').first().waitFor();
  await page.screenshot({ path: join(folder ?? '', `docs-${name}.png`) });
  await context.close();
}

type Take = (state: string) => Promise<unknown>;

/** What is shown where the server is away, or does not know the secret. */
async function takeTroubles(page: Page, { url }: WholeServer, take: Take): Promise<void> {
  await page.goto(`${url}/playground/`);
  await page.getByRole('alert').waitFor();
  await take('0-no-secret');
  await page.route('**/playground/api/**', (route) => route.abort());
  await page.reload();
  await page.getByRole('alert').waitFor();
  await take('0-away');
  await page.unrouteAll();
  await page.evaluate(() => sessionStorage.clear());
}

async function takeStates(page: Page, take: Take): Promise<void> {
  const left = page.locator('.pane.left');
  const right = page.locator('.pane.right');
  const say = async (pane: Locator, text: string): Promise<void> => {
    await pane.locator('[data-write]').fill(text);
    await page.keyboard.press('Enter');
  };
  const tool = (pane: Locator, number: number): Promise<void> => pane.getByRole('tab').nth(number).click();

  await page.locator('.start .main').click();
  await page.locator('.tips').waitFor();
  await right.locator('.bubble').first().waitFor();
  await take('2-started');

  await say(right, 'A line that is long enough to be broken, with averyveryverylongwordinitthathasnoblankanywhere.');
  await left.locator('.bubble').nth(1).waitFor();
  await left.locator('[data-write]').pressSequentially('…');
  await right.locator('.typing').waitFor();
  await left.locator('summary').first().click();
  await take('3-typing-frames');

  const ofOther = right.locator('.line:not(.mine)').first();
  await ofOther.locator('.about .link').click();
  const actions = ofOther.locator('.actions button');
  await actions.nth(0).click();
  await actions.nth(1).click();
  await actions.last().click();
  await right.locator('.pins summary').click();
  await actions.nth(4).click();
  await say(right, 'An answer that is as long as answers are when somebody has really thought about the matter.');
  await ofOther.locator('.about .link').nth(1).waitFor();
  await ofOther.locator('.about .link').first().click();
  await ofOther.locator('.replies li').first().waitFor();
  await ofOther.locator('.about .link').last().click();
  await actions.nth(4).click();
  await ofOther.locator('.about .link').last().click();
  await ofOther.scrollIntoViewIfNeeded();
  await left.locator('.reaction').nth(1).waitFor();
  await take('3-reactions-replies-pins');

  await right.locator('.answering button').click();
  await right.getByRole('checkbox').first().check();
  await say(left, 'Are you there?');
  await say(right, 'From the tunnel');
  await right.locator('.phone li:not(.none)').first().waitFor();
  await take('4-offline-phone');
  await right.getByRole('checkbox').first().uncheck();
  await right.locator('.chip.good').first().waitFor();

  await tool(left, 1);
  await left.getByRole('tabpanel').locator('select').first().selectOption('presence');
  await left.getByRole('tabpanel').locator('.button.main').click();
  await left.locator('.chip.bad').waitFor();
  await tool(right, 4);
  await right.locator('td').first().waitFor();
  await take('5-command-devices');

  await tool(left, 2);
  await tool(right, 5);
  await right.getByRole('tabpanel').getByRole('button').first().click();
  await page.locator('.two').last().getByRole('button').first().click();
  await page.locator('.people').waitFor();
  await take('6-policy-token-explained');

  await page.locator('.two').last().locator('.button.main').click();
  await page.locator('.decisions').first().waitFor();
  await left.locator('header .button').click();
  await right.locator('.who input').nth(1).fill('/login');
  await page.keyboard.press('Enter');
  await tool(right, 2);
  await right.locator('.note.warn').waitFor();
  await take('7-closed-disabled');

  await right.locator('.who input').nth(1).fill('/admin/example');
  await page.keyboard.press('Enter');
  await right.locator('.chip.good').first().waitFor();
  await page.route('**/playground/**', (route) => route.abort());
  await page.locator('.start .main').click();
  await page.locator('.start .note.bad').waitFor();
  await take('8-failed-no-messaging');
  await page.unrouteAll();
}
