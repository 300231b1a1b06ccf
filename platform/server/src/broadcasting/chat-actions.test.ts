// The named actions: typing, reading, changing messages, notices.

import { describe, expect, test } from 'vitest';
import { byKey, validateEvents, say, startConversation } from '../../test/support/conversation.ts';
import { textRequest } from '../../test/support/messaging.ts';

describe('an action of a chat', () => {
  test('typing reaches everybody but the user who types, once a second, and the last change always', async () => {
    const { one, two, clock, app } = await startConversation();
    const mine = await Promise.all([one.connect('alice'), two.connect('alice')]);
    const bob = await two.connect('bob');
    const type = async (isTyping: boolean) => {
      const change = { conversationId: 'c1', userId: 'alice', isTyping };
      await one.chatActions.broadcastTypingStatus(app, change, { via: 'socket', session: mine[0] });
    };
    const seen = () => bob.outlet.of('typing_status').map(({ data }) => data['isTyping']);
    for (const isTyping of [true, false, true, false]) await type(isTyping);
    await clock.advance(999);
    expect(seen()).toEqual([true]);
    expect(bob.outlet.events[0]?.data).toEqual({ userId: 'alice', isTyping: true, expiresInMs: 6000 });
    await clock.advance(1);
    expect(seen()).toEqual([true, false]);
    await type(true);
    await type(false);
    await type(true);
    await clock.advance(1000);
    expect(seen()).toEqual([true, false, true]);
    await clock.advance(1000);
    // The same again without a change between is no news. Begun again is: the message between ended it for
    // its readers.
    for (const isTyping of [true, true]) await type(isTyping);
    await clock.advance(1000);
    for (const isTyping of [true, false, true]) await type(isTyping);
    await clock.advance(1000);
    expect(seen()).toEqual([true, false, true, true, true, true]);
    await clock.advance(5000);
    expect(clock.pending()).toBe(0);
    validateEvents(bob);
    for (const { outlet } of mine) expect(outlet.events).toEqual([]);
    const stranger = { conversationId: 'c1', userId: 'mallory', isTyping: true };
    await expect(one.chatActions.broadcastTypingStatus(app, stranger, { via: 'socket' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('typing over HTTP shares its second with the command, and reaches only the users whom the request means', async () => {
    const { one, two, clock, app } = await startConversation();
    const [bob, carol] = [await two.connect('bob'), await two.connect('carol')];
    const seen = () => [bob, carol].map(({ outlet }) => outlet.of('typing_status').map(({ data }) => data['isTyping']));
    const audience = { conversation: 'c1' };
    const type = (isTyping: boolean, more = {}) =>
      one.broadcasting.broadcast(
        app,
        { kind: 'typing', audience, sender: 'alice', data: { isTyping }, ...more },
        { via: 'http-key' },
      );
    expect(await type(true, { exclude: ['carol'] })).toMatchObject({ recipients: 1, decisions: { sent: 1 } });
    const command = { conversationId: 'c1', userId: 'alice', isTyping: true };
    await one.chatActions.broadcastTypingStatus(app, command, { via: 'socket' });
    expect(await type(false)).toMatchObject({ recipients: 0, decisions: {} });
    await clock.advance(999);
    expect(seen()).toEqual([[true], []]);
    await clock.advance(1);
    expect(seen()).toEqual([[true, false], [false]]);
    await clock.advance(5000);
    await expect(type(true, { sender: undefined })).rejects.toMatchObject({ code: 'invalid_body' });
  });

  test('reading reaches the others, and the reader’s own other devices', async () => {
    const { one, two, clock, carry, app } = await startConversation();
    const sent = await carry(textRequest('c1', 'alice'));
    const [reader, phone, alice] = [await one.connect('bob'), await two.connect('bob'), await one.connect('alice')];
    const origin = { via: 'socket' as const, session: reader };
    const read = () => one.chatActions.broadcastReadStatus(app, 'c1', { userId: 'bob', seq: 1, origin });
    expect(await read()).toEqual({ seq: 1 });
    await clock.advance(0);
    for (const session of [phone, alice]) {
      expect(session.outlet.of('read_status').map(({ data }) => data)).toEqual([
        { userId: 'bob', seq: 1, messageIds: [sent.id] },
      ]);
      validateEvents(session);
    }
    expect(reader.outlet.events).toEqual([]);
    expect(one.reads).toEqual([{ userId: 'bob', stream: 'c:c1', seq: 1 }]);
    expect(await read()).toEqual({ seq: 1 });
    expect(alice.outlet.of('read_status')).toHaveLength(1);
  });

  test('an edit or deletion reaches all but the connection it came by, with the seq in the data alone', async () => {
    const { one, two, clock, app } = await startConversation();
    const [mine, other, bob] = [await one.connect('alice'), await one.connect('alice'), await two.connect('bob')];
    const { messageId } = await say(one, mine);
    await clock.advance(0);
    for (const { outlet } of [other, bob]) outlet.clear();
    const origin = { via: 'socket' as const, session: mine };
    const by = { userId: 'alice' };
    await one.chatActions.editMessage(app, messageId, { content: { text: 'better' }, by, origin });
    await one.chatActions.deleteMessage(app, messageId, { ...by, origin });
    await clock.advance(0);
    for (const session of [other, bob]) {
      expect(session.outlet.events).toMatchObject([
        { action: 'message_edited', data: { messageId, seq: 1, content: { text: 'better' } } },
        { action: 'message_deleted', data: { messageId, seq: 1 } },
      ]);
      for (const event of session.outlet.events) expect(event).not.toHaveProperty('seq');
      validateEvents(session);
    }
    expect(mine.outlet.events).toEqual([]);
    await expect(
      one.chatActions.editMessage(app, messageId, { content: { text: 'x' }, by, origin }),
    ).rejects.toMatchObject({ code: 'message_deleted' });
  });
});

describe('by name', () => {
  test('each is a broadcast of its kind', async () => {
    const { one, app } = await startConversation();
    const [bob, phone] = [await one.connect('bob'), await one.connect('bob', { deviceType: 'mobile' })];
    const { chatActions } = one;
    const text = { senderId: 'carol', type: 'text', content: { text: 'hi' }, origin: byKey };
    await chatActions.broadcastMessage(app, 'c1', text);
    await chatActions.broadcastConsultationReply(app, 'c1', text);
    const input = { data: { title: 'T' }, origin: byKey };
    await chatActions.sendMobileOnlyNotification(app, 'c1', input);
    await chatActions.broadcastSystemNotification(app, { conversation: 'c1' }, input);
    await chatActions.broadcastSystemNotification(app, { users: ['bob'] }, input);
    await chatActions.sendDirectMessage(app, 'bob', input);
    const both = ['new_message', 'consultation_reply', 'system_notification', 'system_notification', 'direct_message'];
    // The one for mobile devices is in the same inbox as the next.
    expect(bob.outlet.actions()).toEqual([...both.slice(0, 3), 'skipped', ...both.slice(3)]);
    expect(phone.outlet.actions()).toEqual([...both.slice(0, 2), 'mobile_notification', ...both.slice(2)]);
    validateEvents(phone);
  });

  test('no other kind can be sent as a message', async () => {
    const { one, app } = await startConversation();
    const bob = await one.connect('bob');
    for (const kind of ['typing', 'mobile_notification', 'direct']) {
      const input = { senderId: 'carol', type: 'text', content: { text: 'hi' }, kind, origin: byKey };
      await expect(one.chatActions.broadcastMessage(app, 'c1', input)).rejects.toMatchObject({ code: 'unknown_kind' });
    }
    expect(bob.outlet.events).toEqual([]);
  });

  test('a read broadcast moves the cursor, and has no recipients when the cursor did not move', async () => {
    const { one, app, carry } = await startConversation();
    await carry(textRequest('c1', 'alice'));
    const alice = await one.connect('alice');
    const request = { kind: 'read', audience: { conversation: 'c1' }, sender: 'bob', data: { seq: 1 } };
    expect(await one.broadcasting.broadcast(app, request, byKey)).toMatchObject({
      recipients: 2,
      decisions: { sent: 1 },
    });
    expect(alice.outlet.of('read_status')).toHaveLength(1);
    expect(await one.broadcasting.broadcast(app, request, byKey)).toMatchObject({ recipients: 0, decisions: {} });
    expect(alice.outlet.of('read_status')).toHaveLength(1);
  });
});
