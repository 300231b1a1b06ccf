// Each role opens every screen of its navigation. What a role may on a screen: roles.test.ts.
import type { Browser } from 'playwright';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import type { WholeServer } from '../../platform/server/test/support/whole-server.ts';
import { join, setUp, startConsoleServer, type Person } from './support/console-server.ts';
import { openEveryScreen } from './support/every-screen.ts';
import { openWatched } from './support/watched-page.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let browser: Browser;
let server: WholeServer;
let owner: Person;

beforeAll(async () => {
  [server, browser] = await Promise.all([startConsoleServer(), launchChromium()]);
  owner = await setUp(server);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

it.each(['viewer', 'developer', 'admin', 'owner'])(
  'a member who is %s opens every screen of their navigation, and none asks for more than they may',
  async (role) => {
    const person =
      role === 'owner'
        ? owner
        : await join(owner, server, { email: `${role}@clinic.example`, name: `The ${role}`, role });
    const { page, context, expectQuiet } = await openWatched(browser, { url: server.url });
    await person.enter(context);
    await page.goto(`${server.url}/console/t/${person.tenant}/apps`);
    await openEveryScreen(page);
    // A refusal would stand in the console of the browser.
    await expectQuiet();
    await context.close();
  },
);
