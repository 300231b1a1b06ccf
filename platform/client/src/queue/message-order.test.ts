// The promise of the queue over any schedule: whatever fails, reloads or dies, each message is stored once
// and in the order of its tab.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClientClock } from '../../test/support/client-clock.ts';
import { createQueueServer, openTestTab, text, type Outcome, type TestTab } from '../../test/support/queue-server.ts';
import { createSimulatedBrowser } from '../../test/support/simulated-browser.ts';

type Step =
  | { do: 'send'; tab: number; conversation: number }
  | { do: 'cut' | 'connect' | 'reload'; tab: number }
  | { do: 'fail'; outcomes: Outcome[] }
  | { do: 'wait'; ms: number };

const tabIndex = fc.integer({ min: 0, max: 1 });
const outcome = fc.constantFrom<Outcome>('ok', 'lost-before', 'lost-after', 'same', 'after');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), tab: tabIndex, conversation: tabIndex }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'connect' as const), tab: tabIndex }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const), tab: tabIndex }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fail' as const), outcomes: fc.array(outcome, { maxLength: 6 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 0, 100, 3000) }) },
);

it('stores each message once, in the order in which its tab was given it, on any schedule', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { stored, given, reported } = await play(steps);
      expect(reported).toEqual([]);
      for (const conversation of [0, 1]) {
        const texts = stored(`c${conversation}`);
        expect(new Set(texts).size).toBe(texts.length);
        for (const life of given.values()) {
          const own = life.filter((said) => said.startsWith(`${conversation}/`));
          expect(texts.filter((said) => own.includes(said))).toEqual(own);
        }
      }
    }),
    { numRuns: 300 },
  );
});

/**
 * `given`: what each life of each tab was given. A tab dies only when its messages are in storage, as a page
 * does that had a moment.
 */
async function play(
  steps: readonly Step[],
): Promise<{ stored: (conversationId: string) => string[]; given: Map<TestTab, string[]>; reported: unknown[] }> {
  const clock = createClientClock();
  const browser = createSimulatedBrowser();
  const server = createQueueServer();
  const reported: unknown[] = [];
  const given = new Map<TestTab, string[]>();
  let opened = 0;
  const open = (): TestTab => {
    opened += 1;
    const tab = openTestTab({ name: String(opened), browser, server, clock, reported });
    tab.ready(true);
    given.set(tab, []);
    return tab;
  };
  const tabs = [open(), open()];
  let said = 0;
  for (const each of steps) {
    const tab = 'tab' in each ? tabs[each.tab] : undefined;
    if (each.do === 'wait') await clock.advance(each.ms);
    else if (each.do === 'fail') server.plan.push(...each.outcomes);
    else if (!tab) continue;
    else if (each.do === 'send') {
      const line = `${each.conversation}/${(said += 1)}`;
      given.get(tab)?.push(line);
      tab.outbox.add(text(`c${each.conversation}`, line));
    } else if (each.do === 'reload') {
      await clock.advance(0);
      tab.die();
      tabs[each.tab] = open();
    } else tab.ready(each.do === 'connect');
  }
  server.plan.length = 0;
  for (const tab of tabs) tab.ready(true);
  // Far longer than any wait of a lane; what is stuck shows as a message that is not stored.
  for (let round = 0; round < 300 && tabs.some(({ outbox }) => outbox.messages().length > 0); round += 1) {
    await clock.advance(1000);
  }
  for (const tab of given.keys()) await tab.outbox.stop();
  return { stored: (conversationId) => server.stored(conversationId), given, reported };
}
