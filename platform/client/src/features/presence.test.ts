import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../../test/support/started-belfry.ts';
import { createPresence, type Presence } from './presence.ts';

let started: StartedBelfry;
let presence: Presence;
const asked = (): unknown[] =>
  started.virtual
    .socket()
    .frames('presence')
    .map(({ data }) => [data['watch'], data['userIds']] as unknown);
const state = (userId: string, online: boolean): object => ({ userId, online, deviceTypes: [] });

beforeEach(async () => {
  started = await connectBelfry();
  presence = createPresence(started.belfry);
});
afterEach(async () => {
  presence.stop();
  await started.belfry.stop();
});

it('shows the state of whom it watches, from the answer and from events', async () => {
  presence.watch(['bob', 'carol']);
  expect(presence.snapshot()).toEqual({});
  started.virtual.socket().answer('presence', { states: [state('bob', true), state('carol', false)] });
  await started.virtual.clock.advance(0);
  started.virtual.socket().event({ action: 'presence_update', data: { ...state('carol', true) } });
  started.virtual.socket().event({ action: 'presence_update', data: { ...state('dave', true) } });
  expect(presence.snapshot()).toEqual({ bob: state('bob', true), carol: state('carol', true) });
});

it('asks once for a user whom two watch, and lets go with the second', () => {
  const endFirst = presence.watch(['bob']);
  const endSecond = presence.watch(['bob', 'carol']);
  expect(asked()).toEqual([
    [true, ['bob']],
    [true, ['carol']],
  ]);
  endFirst();
  endFirst();
  expect(asked()).toHaveLength(2);
  endSecond();
  expect(asked().at(-1)).toEqual([false, ['bob', 'carol']]);
});

it('asks for more than 100 in parts', () => {
  presence.watch(Array.from({ length: 250 }, (_, index) => `u${index}`));
  const parts = started.virtual.socket().frames('presence');
  expect(parts.map(({ data }) => (data['userIds'] as string[]).length)).toEqual([100, 100, 50]);
});

it('watches again after a new connection', async () => {
  presence.watch(['bob']);
  started.virtual.socket().drop();
  presence.watch(['carol']);
  await started.virtual.clock.advance(10_000);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(asked()).toEqual([[true, ['bob', 'carol']]]);
});
