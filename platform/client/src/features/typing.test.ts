import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../../test/support/started-belfry.ts';
import { createTyping, type Typing } from './typing.ts';

let started: StartedBelfry;
let typing: Typing;
const sent = (): unknown[] =>
  started.virtual
    .socket()
    .frames('typing')
    .map(({ data }) => data['isTyping'] as unknown);

beforeEach(async () => {
  started = await connectBelfry();
  typing = createTyping(started.belfry);
});
afterEach(async () => {
  typing.stop();
  await started.belfry.stop();
});

function say(userId: string, isTyping: boolean): void {
  const data = { userId, isTyping, expiresInMs: 6000 };
  started.virtual.socket().event({ action: 'typing_status', conversationId: 'c1', data });
}

it('reports once that the user types, again while it goes on, and after 3 s of nothing that it stopped', async () => {
  for (let key = 0; key < 20; key += 1) {
    typing.typed('c1');
    await started.virtual.clock.advance(200);
  }
  // At 0 and 3 s; the others forget after 6 s.
  expect(sent()).toEqual([true, true]);
  await started.virtual.clock.advance(2799);
  expect(sent()).toEqual([true, true]);
  await started.virtual.clock.advance(1);
  expect(sent()).toEqual([true, true, false]);
  await started.virtual.clock.advance(10_000);
  expect(sent()).toHaveLength(3);
});

it('reports at once that the user stopped, and begins anew at most once a second', async () => {
  typing.typed('c1');
  typing.stopped('c1');
  typing.stopped('c1');
  typing.typed('c1');
  expect(sent()).toEqual([true, false]);
  // No further key is needed for it.
  await started.virtual.clock.advance(1000);
  expect(sent()).toEqual([true, false, true]);
});

it('reports that the user types after the time of day was set back an hour', async () => {
  typing.typed('c1');
  await started.virtual.clock.advance(4000);
  started.virtual.clock.jump(-3_600_000);
  for (let key = 0; key < 3; key += 1) {
    typing.typed('c1');
    await started.virtual.clock.advance(800);
  }
  expect(sent()).toEqual([true, false, true]);
});

it('does not report typing that was stopped again within the second', async () => {
  typing.typed('c1');
  typing.stopped('c1');
  typing.typed('c1');
  typing.stopped('c1');
  await started.virtual.clock.advance(10_000);
  expect(sent()).toEqual([true, false]);
});

it('shows who types until they stop, or until no event comes any more', async () => {
  let changes = 0;
  typing.subscribe(() => (changes += 1));
  say('bob', true);
  say('carol', true);
  say('bob', true);
  expect(typing.snapshot()).toEqual({ c1: ['bob', 'carol'] });
  expect(changes).toBe(2);
  say('bob', false);
  expect(typing.snapshot()).toEqual({ c1: ['carol'] });
  await started.virtual.clock.advance(6000);
  expect(typing.snapshot()).toEqual({});
});

it.each(['new_message', 'consultation_reply', 'lab_result'])('takes %s for the end of typing', (action) => {
  say('bob', true);
  say('carol', true);
  const place = { conversationId: 'c1', stream: 'c:c1', epoch: 'e1', seq: 1 };
  started.virtual.socket().event({ action, ...place, data: { messageId: 'm1', senderId: 'bob' } });
  expect(typing.snapshot()).toEqual({ c1: ['carol'] });
});

it('does not take the edit of an earlier message for the end of typing', () => {
  say('bob', true);
  const data = { messageId: 'm1', seq: 1, senderId: 'bob', content: {} };
  started.virtual.socket().event({ action: 'message_edited', conversationId: 'c1', data });
  expect(typing.snapshot()).toEqual({ c1: ['bob'] });
});

it('does not show oneself', () => {
  say('alice', true);
  expect(typing.snapshot()).toEqual({});
});

it('shows nobody in a conversation that is called like a property of every object', () => {
  expect(typing.snapshot().constructor).toBeUndefined();
  const data = { userId: 'toString', isTyping: true, expiresInMs: 6000 };
  started.virtual.socket().event({ action: 'typing_status', conversationId: 'constructor', data });
  expect(typing.snapshot().constructor).toEqual(['toString']);
});

it('leaves nobody typing when the feature goes', () => {
  typing.typed('c1');
  say('bob', true);
  typing.stop();
  expect(sent()).toEqual([true, false]);
  expect(typing.snapshot()).toEqual({});
});
