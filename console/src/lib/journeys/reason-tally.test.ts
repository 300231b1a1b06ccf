// The numbers beside reasons: of people, and of their tabs and devices.
import { expect, test } from 'vitest';
import { reasonTallies, tallyText, type Decided } from './reason-tally.ts';

const of = (reasons: string[]): { reason: string }[] => reasons.map((reason) => ({ reason }));
const two: Decided = { realtime: of(['sent', 'sent']), push: of(['queued', 'muted']) };
const one: Decided = { realtime: of(['sent']), push: [], pushReason: 'no_device' };
const none: Decided = { realtime: [], push: of(['queued']), reason: 'no_connection' };

const textsOf = (counts: Record<string, number>, recipients: Decided[]): Record<string, string> =>
  Object.fromEntries(reasonTallies(counts, recipients).map((tally) => [tally.reason, tallyText(tally, 'en')]));

test('somebody with two tabs is one person with two tabs, and somebody with none is one', () => {
  const counts = { sent: 3, queued: 2, muted: 1, no_device: 1, no_connection: 1 };
  expect(textsOf(counts, [two, one, none])).toEqual({
    ...{ sent: '2 people · 3 tabs', queued: '2', muted: '1', no_device: '1', no_connection: '1' },
  });
  const away: Decided = { realtime: [], push: of(['queued', 'queued']) };
  expect(textsOf({ queued: 2 }, [away])).toEqual({ queued: '1 person · 2 devices' });
});

test('where the list leaves some out, the count is what it is, and no people are made up', () => {
  expect(textsOf({ sent: 40_000, queued: 2 }, [two, none])).toEqual({ sent: '40,000', queued: '2' });
  expect(textsOf({ sent: 40_000 }, [])).toEqual({ sent: '40,000' });
});
