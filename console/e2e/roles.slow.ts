// Each role opens every screen of its navigation. What a role may on a screen: roles.test.ts.
import { it } from 'vitest';
import { join } from './support/console-server.ts';
import { createConsoleUnderTest } from './support/console-under-test.ts';
import { openEveryScreen } from './support/every-screen.ts';

const world = createConsoleUnderTest();

it.each(['viewer', 'developer', 'admin', 'owner'])(
  'a member who is %s opens every screen of their navigation, and none asks for more than they may',
  async (role) => {
    const { server, anna } = world;
    const fields = { email: `${role}@clinic.example`, name: `The ${role}`, role };
    const who = role === 'owner' ? anna : await join(anna, server, fields);
    const { page, expectQuiet } = await world.openAt(`/t/${who.tenant}/apps`, { who });
    await openEveryScreen(page);
    // A refusal would stand in the console of the browser.
    await expectQuiet();
  },
);
