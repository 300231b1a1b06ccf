// What a decision was made by is kept with the plan, as it was then.

import { deliveryPolicySchema } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import type { MessageSent } from '../ports/message-facts.ts';
import { ack, app, at, id, plan, setUp, t0 } from './test/journey.fixture.ts';

const desktop = { deviceType: 'desktop', page: '/chat/7', reason: 'sent', sentAtMs: t0 + 3 } as const;
const decided: MessageSent = {
  ...plan,
  action: 'new_message',
  policy: { ...deliveryPolicySchema.parse({}), push: 'always', waitMs: 50, connectionTypes: ['chat'] },
  deliveredMeans: 'visible',
  resendOf: id(9),
  recipients: [
    { userId: 'alice', realtime: [], push: [], pushReason: 'no_device' },
    {
      userId: 'bob',
      realtime: [
        { ...desktop, connectionId: id(11), pagePattern: '/chat/:id', pageVersion: 7, visible: true, attended: false },
        { ...desktop, connectionId: id(12), pagePattern: '/chat/:id', pageVersion: 7, visible: false, attended: false },
        { ...desktop, connectionId: id(13), pagePattern: '/chat/:id', pageVersion: 8, visible: true, attended: true },
      ],
      push: [{ deviceId: id(21), provider: 'hook', deviceType: 'mobile', reason: 'muted' }],
      wish: { by: 'mute', ofConversation: true, untilMs: t0 + 60_000 },
    },
    { userId: 'carol', realtime: [{ ...desktop, connectionId: id(14), pagePattern: '/shop' }], push: [] },
  ],
};

describe('why it was decided so', () => {
  it('is read back with each connection and person', async () => {
    const { record, read } = setUp();
    record(decided);
    const { message, recipients } = await read();
    expect(message).toMatchObject({
      ...{ action: 'new_message', deliveredMeans: 'visible', resendOf: id(9), features: ['messaging'] },
      policy: { push: 'always', waitMs: 50, connectionTypes: ['chat'] },
    });
    const [alice, bob, carol] = recipients;
    expect(alice).not.toHaveProperty('preference');
    expect(bob?.preference).toEqual({ by: 'mute', ofConversation: true, until: at(60_000) });
    expect(bob?.realtime).toMatchObject([
      { connectionId: id(11), pagePattern: '/chat/:id', pageVersion: 7, visible: true, attended: false },
      { connectionId: id(12), pagePattern: '/chat/:id', pageVersion: 7, visible: false, attended: false },
      { connectionId: id(13), pagePattern: '/chat/:id', pageVersion: 8, visible: true, attended: true },
    ]);
    expect(carol?.realtime).toEqual([
      {
        ...{ connectionId: id(14), deviceType: 'desktop', page: '/chat/7', reason: 'sent' },
        sentAt: at(3),
        pagePattern: '/shop',
      },
    ]);
  });

  it('is that of the connections also for a plan that names another for its recipients', async () => {
    const { record, read } = setUp();
    const recipients = Array.from({ length: 40 }, (_, n) => ({
      userId: `u${n}`,
      realtime: [{ ...desktop, connectionId: id(100 + n), pagePattern: '/chat', pageVersion: n, visible: n % 2 === 0 }],
      push: [],
    }));
    record({ ...plan, recipients }, { ...plan, messageId: id(2), seq: 6, recipients, deliveredMeans: 'any' });
    const { message, recipients: found } = await read(id(2));
    expect(message.deliveredMeans).toBe('any');
    expect(found[39]?.realtime).toMatchObject([{ pageVersion: 39, visible: false }]);
  });

  it('stays with the connection when something becomes of it', async () => {
    const { record, recorder, read } = setUp();
    record(decided);
    await read();
    recorder.acked(app, [{ ...ack, connectionId: id(12), visible: false }]);
    const { recipients } = await read();
    expect(recipients[1]?.realtime[1]).toMatchObject({ reason: 'acked_hidden', visible: false, pageVersion: 7 });
  });

  it('costs few bytes a connection', async () => {
    const { recorder, store } = setUp();
    const recipients = Array.from({ length: 500 }, (_, n) => ({
      userId: `u${n}`,
      realtime: [
        { ...desktop, connectionId: id(n), pagePattern: '/chat', pageVersion: 7, visible: true, attended: true },
      ],
      push: [],
    }));
    const without = recipients.map(({ userId, realtime, push }) => ({
      ...{ userId, push },
      realtime: realtime.map(({ connectionId }) => ({ ...desktop, connectionId })),
    }));
    recorder.planned(app, { ...plan, recipients });
    recorder.planned(app, { ...plan, messageId: id(2), recipients: without });
    await recorder.flush();
    const [withWhy = 0, plain = 0] = store.rows.map(({ body }) => body.length);
    expect((withWhy - plain) / 500).toBeLessThan(8);
  });
});
