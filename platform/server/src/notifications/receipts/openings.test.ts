// Receipts of opened notifications: what is taken as one, for how long, and how often.
import { expect, test } from 'vitest';
import { newApp } from '../../../test/support/samples.ts';
import { silentLog } from '../../ports/log.ts';
import { RecordedFacts } from '../../../test/support/recorded-facts.ts';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createPushFacts } from '../facts.ts';
import { createOpenings, type Opened } from './openings.ts';

const app = newApp();
const opened: Opened = {
  about: { messageId: 'm-1', stream: 'c:c1', seq: 7, userId: 'bob' },
  device: { id: 'd-1', provider: 'push', deviceType: 'desktop' },
};
const day = 24 * 3_600_000;

function openings(secret = 'a secret of the installation') {
  const clock = createVirtualClock();
  const facts = new RecordedFacts();
  const events: string[] = [];
  const addEvent = async (_app: unknown, id: string, event: string) => events.push(`${id} ${event}`) === 1;
  const surroundings = { clock, log: silentLog };
  const made = createOpenings({
    ...{ secret, surroundings, deliveries: { addEvent } },
    facts: createPushFacts({ clock, facts }),
  });
  return { ...made, clock, facts, events };
}

test('a token says which notification of which device it came in', () => {
  const { tokenFor, read } = openings();
  expect(read(tokenFor(app, opened))).toEqual({ app, ...opened });
});

test('a token names its delivery where that is kept, and an opening is kept with it', () => {
  const { tokenFor, read, record, events } = openings();
  const kept = read(tokenFor(app, { ...opened, deliveryId: 'x-1' }));
  expect(kept).toEqual({ app, ...opened, deliveryId: 'x-1' });
  for (const each of [opened, { ...opened, deliveryId: 'x-1', device: { ...opened.device, id: 'd-3' } }]) {
    record(app, each);
    record(app, each);
  }
  expect(events).toEqual(['x-1 opened']);
});

test('a token is good for a week', async () => {
  const { tokenFor, read, clock } = openings();
  const token = tokenFor(app, opened);
  await clock.advance(7 * day - 1);
  expect(read(token)).toBeDefined();
  await clock.advance(2);
  expect(read(token)).toBeUndefined();
});

test.each([
  ['nothing', () => ''],
  ['no base64', () => '!!!'],
  ['too short', () => 'AAAA'],
  ['changed', (token: string) => `${token.slice(0, -4)}AAAA`],
  ['with something behind it', (token: string) => `${token}=`],
  ['of another installation', () => openings('another secret').tokenFor(app, opened)],
])('a token is none that is %s', (_, spoil) => {
  const { tokenFor, read } = openings();
  expect(read(spoil(tokenFor(app, opened)))).toBeUndefined();
});

test('an opening is recorded once, however often the device reports it', () => {
  const { record, facts } = openings();
  record(app, opened);
  record(app, opened);
  record(app, { ...opened, device: { ...opened.device, id: 'd-2' } });

  expect(facts.of('push.opened').map(({ reason, deviceId }) => [reason, deviceId])).toEqual([
    ['opened', 'd-1'],
    ['opened', 'd-2'],
  ]);
});
