// The webhook that is asked before messages: what it may answer, and what holds when it does not.

import { Webhook } from 'standardwebhooks';
import { BelfryError } from '@belfry/protocol';
import { expect, test, vi } from 'vitest';
import type { BeforeQuestion } from '../broadcasting/ask-before.ts';
import { createOutboundUnderTest } from './test/outbound.fixture.ts';

const question: BeforeQuestion = {
  ...{ change: 'new', messageId: 'm1', kind: 'message', action: 'new_message', conversationId: 'c1', via: 'socket' },
  ...{ senderId: 'alice', isOfPeople: true, data: { type: 'text', content: { text: 'hi' } } },
};

async function setUp(before: { onFailure?: 'allow' | 'reject'; kinds?: string[] } = {}) {
  const whole = createOutboundUnderTest();
  const { outbound, app, put } = whole;
  const { secret = '' } = await put({
    events: ['message.before'],
    before: { timeoutMs: 2000, onFailure: 'allow', ...before },
  });
  const apply = vi.fn(async (content: Record<string, unknown>) => content);
  const ask = (given: Partial<BeforeQuestion> = {}) => outbound.before.ask(app, { ...question, ...given }, apply);
  // As the first message does: from here on this node knows the app's webhooks.
  await whole.keepStored();
  return { ...whole, ask, apply, secret };
}

const saying = (answer: object) => ({ status: 200, text: JSON.stringify(answer) });

test('the webhook is asked with the whole message, signed, and may let it in', async () => {
  const { ask, answerWith, sent, app, secret, clock } = await setUp();
  answerWith(saying({ action: 'allow' }));
  expect(await ask()).toMatchObject({ outcome: { webhookId: 'crm', verdict: 'allowed' } });
  const { isOfPeople: _, ...data } = question;
  expect(sent[0]?.json).toMatchObject({ type: 'message.before', version: 1, app, data });
  vi.useFakeTimers({ now: clock.now() });
  try {
    new Webhook(secret).verify(sent[0]?.body ?? '', { ...sent[0]?.headers });
  } finally {
    vi.useRealTimers();
  }
});

test('the webhook may keep a message out, in words that its sender gets, and that is told', async () => {
  const { ask, answerWith, facts } = await setUp();
  answerWith(saying({ action: 'reject', reason: 'Mind your words.' }));
  await expect(ask()).rejects.toMatchObject({ code: 'message_rejected', message: 'Mind your words.' });
  expect(facts.of('message.rejected')).toMatchObject([
    { messageId: 'm1', webhookId: 'crm', reason: 'Mind your words.' },
  ]);
});

test('the webhook may change what a message says, and a change that cannot be accepted counts as no answer', async () => {
  const { ask, answerWith, apply } = await setUp();
  answerWith(saying({ action: 'change', content: { text: '***' } }), saying({ action: 'change', content: {} }));
  expect(await ask()).toMatchObject({ outcome: { verdict: 'changed' }, changed: { text: '***' } });
  apply.mockRejectedValueOnce(new BelfryError('invalid_content'));
  const outcome = await ask();
  expect(outcome).toMatchObject({ outcome: { verdict: 'unanswered' } });
  expect(outcome).not.toHaveProperty('changed');
});

test.each([
  ['a failure', { status: 500 }],
  ['no answer in time', new Error('The call took too long')],
  ['a redirect', { status: 302 }],
  ['words that are none', { status: 200, text: 'OK' }],
  ['an action that is none', saying({ action: 'perhaps' })],
  ['a refusal without a reason', saying({ action: 'reject' })],
])('%s lets the message in or keeps it out, as the app says', async (_what, answer) => {
  const open = await setUp();
  open.answerWith(answer);
  expect(await open.ask()).toMatchObject({ outcome: { verdict: 'unanswered' } });
  const closed = await setUp({ onFailure: 'reject' });
  closed.answerWith(answer);
  await expect(closed.ask()).rejects.toMatchObject({ code: 'unavailable' });
});

test('one that keeps failing is not called for a while, so that no sender waits for it', async () => {
  const { ask, state, sent, clock } = await setUp();
  state.always = { status: 500 };
  for (let n = 0; n < 20; n += 1) expect(await ask()).toMatchObject({ outcome: { verdict: 'unanswered' } });
  expect(sent.length).toBeLessThan(12);
  state.always = saying({ action: 'allow' });
  await clock.advance(60_000);
  expect(await ask()).toMatchObject({ outcome: { verdict: 'allowed' } });
});

test('the webhook is asked about what people write, and about other kinds only where it names them', async () => {
  const ofPeople = await setUp();
  expect(ofPeople.ask({ kind: 'system_notification', isOfPeople: false })).toBeUndefined();
  expect(ofPeople.ask({ isOfPeople: false })).toBeUndefined();
  const named = await setUp({ kinds: ['system_notification'] });
  expect(named.ask()).toBeUndefined();
  named.answerWith(saying({ action: 'allow' }));
  expect(await named.ask({ kind: 'system_notification', isOfPeople: false })).toMatchObject({
    outcome: { verdict: 'allowed' },
  });
});

test('an app without one is asked nothing, at once, and a second one is refused', async () => {
  const without = createOutboundUnderTest();
  await without.put({ events: ['*'] });
  const ask = () => without.outbound.before.ask(without.app, question, async (content) => content);
  await ask();
  expect(ask()).toBeUndefined();
  expect(without.sent).toEqual([]);
  const { put } = await setUp();
  const second = put({ events: ['message.before'] }, 'two');
  await expect(second).rejects.toMatchObject({ code: 'invalid_body', path: ['events'] });
});

test('a try of it asks a question of its own, and says what came of it', async () => {
  const { outbound, app, answerWith, rows } = await setUp();
  answerWith({ status: 200, text: 'fine' });
  const webhook = await outbound.records.record(app, 'crm');
  expect(await outbound.kept.test(app, webhook)).toMatchObject({
    attempt: { status: 200, error: 'The answer is none that is known.', answer: 'fine' },
  });
  expect(await rows()).toEqual([]);
});
