// Conversations, their messages and how far people have read, over the stores in memory.

import { conversationSchema, messageSchema } from '@belfry/protocol';
import { describe, expect, test } from 'vitest';
import { createTestMessaging, textRequest } from '../../test/support/messaging.ts';
import { notFound, setUp } from './test/conversations.fixture.ts';

describe('put', () => {
  test('makes a conversation, and the second time replaces what it is, but not who is in it', async () => {
    const { app, conversations } = await setUp();
    const made = await conversations.put(app, 'c1', {
      title: 'Consultation',
      participants: [{ userId: 'alice' }, { userId: 'carol', role: 'consultant' }],
    });
    expect(made.created).toBe(true);
    expect(made.conversation).toMatchObject({
      id: 'c1',
      title: 'Consultation',
      stream: 'c:c1',
      epoch: 'e1',
      headSeq: 0,
    });
    expect(made.conversation.participants).toMatchObject([
      { userId: 'alice', role: 'member' },
      { userId: 'carol', role: 'consultant' },
    ]);
    conversationSchema.parse(made.conversation);
    const again = await conversations.put(app, 'c1', { metadata: { ward: 3 } });
    expect(again.created).toBe(false);
    expect(again.conversation).not.toHaveProperty('title');
    expect(again.conversation).toMatchObject({
      metadata: { ward: 3 },
      participants: [{ userId: 'alice' }, { userId: 'carol' }],
    });
  });

  test('with participants leaves exactly these in it', async () => {
    const { app, conversations } = await setUp('alice', 'bob');
    const { conversation } = await conversations.put(app, 'c1', {
      participants: [{ userId: 'bob', role: 'lead' }, { userId: 'carol' }],
    });
    expect(conversation.participants.map(({ userId, role }) => `${userId} ${role}`)).toEqual([
      'bob lead',
      'carol member',
    ]);
  });

  test('takes a user that is named twice once', async () => {
    const { app, conversations } = await setUp();
    const { conversation } = await conversations.put(app, 'c1', {
      participants: [{ userId: 'bob' }, { userId: 'bob', role: 'lead' }],
    });
    expect(conversation.participants).toMatchObject([{ userId: 'bob', role: 'lead' }]);
  });
});

describe('patch', () => {
  test('merges metadata key by key, and takes away what is null', async () => {
    const { app, conversations } = await setUp('alice');
    await conversations.put(app, 'c1', { title: 'Team', metadata: { ward: 3, room: 'a' } });
    const merged = await conversations.patch(app, 'c1', { metadata: { ward: null, bed: 1 } });
    expect(merged).toMatchObject({ title: 'Team', metadata: { room: 'a', bed: 1 } });
    expect(merged.metadata).not.toHaveProperty('ward');
    const emptied = await conversations.patch(app, 'c1', { title: null, metadata: null });
    expect(emptied).not.toHaveProperty('title');
    expect(emptied).not.toHaveProperty('metadata');
    await expect(conversations.patch(app, 'none', { title: 'x' })).rejects.toMatchObject(notFound);
  });

  test('of many that merge at once loses none', async () => {
    const { app, conversations } = await setUp('alice');
    const keys = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(keys.map((key) => conversations.patch(app, 'c1', { metadata: { [key]: 1 } })));
    const { metadata } = await conversations.get(app, 'c1');
    expect(metadata).toEqual({ a: 1, b: 1, c: 1, d: 1, e: 1 });
  });

  test('refuses what would be too long together', async () => {
    const { app, conversations } = await setUp('alice');
    const half = 'é'.repeat(2500);
    await conversations.patch(app, 'c1', { metadata: { a: half } });
    const more = conversations.patch(app, 'c1', { metadata: { b: half } });
    await expect(more).rejects.toMatchObject({ code: 'too_large', path: ['metadata'] });
  });

  test('changes the metadata of a participant, and keeps the role', async () => {
    const { app, conversations } = await setUp('alice', 'bob');
    await conversations.putParticipant(app, 'c1', { userId: 'bob', role: 'nurse', metadata: { shift: 'late' } });
    await conversations.patchParticipant(app, 'c1', { userId: 'bob', metadata: { floor: 2 } });
    const nurse = { userId: 'bob', role: 'nurse', metadata: { shift: 'late', floor: 2 } };
    expect(await conversations.participant(app, 'c1', 'bob')).toMatchObject(nurse);
    expect((await conversations.get(app, 'c1')).participants).toMatchObject([{ userId: 'alice' }, nurse]);
    const nobody = conversations.patchParticipant(app, 'c1', { userId: 'eve', role: 'nurse' });
    await expect(nobody).rejects.toMatchObject(notFound);
  });
});

test('users are taken in beside those who are in it, whose role stays', async () => {
  const { app, conversations } = await setUp('alice');
  await conversations.putParticipant(app, 'c1', { userId: 'bob', role: 'nurse' });
  const inputs = [{ userId: 'bob' }, { userId: 'carol', metadata: { floor: 2 } }];
  expect(await conversations.addParticipants(app, 'c1', inputs)).toMatchObject([
    { userId: 'bob', role: 'nurse' },
    { userId: 'carol', role: 'member', metadata: { floor: 2 } },
  ]);
  expect(await conversations.participants(app, 'c1')).toHaveLength(3);
  await expect(conversations.addParticipants(app, 'c9', inputs)).rejects.toMatchObject(notFound);
});

test('a conversation that is not there and one that the viewer is not in are answered alike', async () => {
  const { app, conversations, messages, reading } = await setUp('alice');
  for (const id of ['c1', 'c9']) {
    await expect(conversations.get(app, id, 'mallory')).rejects.toMatchObject(notFound);
    await expect(conversations.participants(app, id, 'mallory')).rejects.toMatchObject(notFound);
    await expect(messages.history(app, id, { viewer: 'mallory', limit: 5 })).rejects.toMatchObject(notFound);
    await expect(reading.read(app, id, { userId: 'mallory', seq: 0 })).rejects.toMatchObject(notFound);
  }
  await expect(conversations.get(app, 'c9')).rejects.toMatchObject(notFound);
  await expect(conversations.remove(app, 'c9')).rejects.toMatchObject(notFound);
  await expect(conversations.putParticipant(app, 'c9', { userId: 'bob' })).rejects.toMatchObject(notFound);
  await expect(conversations.removeParticipant(app, 'c1', 'bob')).rejects.toMatchObject(notFound);
});

describe('participants', () => {
  test('a newcomer has nothing unread', async () => {
    const { app, conversations, sayMany, say, entryOf } = await setUp('alice');
    await sayMany(3);
    expect(await conversations.putParticipant(app, 'c1', { userId: 'bob' })).toBe('added');
    await conversations.put(app, 'c1', { participants: ['alice', 'bob', 'carol'].map((userId) => ({ userId })) });
    for (const userId of ['bob', 'carol']) {
      expect(await entryOf(userId)).toMatchObject({ unreadCount: 0, cursors: { delivered: 3, read: 3 } });
    }
    await say('alice');
    expect(await entryOf('bob')).toMatchObject({ unreadCount: 1 });
  });

  test('a participant who comes back has nothing unread', async () => {
    const { app, conversations, sayMany, entryOf, stores } = await setUp('alice', 'bob');
    await conversations.removeParticipant(app, 'c1', 'bob');
    await stores.cursors.advance(app, [{ userId: 'bob', stream: 'c:c1', read: 0, delivered: 1 }]);
    await sayMany(3);
    await conversations.putParticipant(app, 'c1', { userId: 'bob' });
    expect(await entryOf('bob')).toMatchObject({ unreadCount: 0, cursors: { read: 3 } });
  });

  test('a participant who changes their role keeps their place', async () => {
    const { app, conversations, sayMany, entryOf } = await setUp('alice', 'bob');
    await sayMany(2);
    expect(await conversations.putParticipant(app, 'c1', { userId: 'bob', role: 'lead' })).toBe('changed');
    expect(await entryOf('bob')).toMatchObject({ unreadCount: 2 });
  });

  test('are listed with how far each has read', async () => {
    const { app, conversations, reading, sayMany } = await setUp('alice', 'bob');
    await sayMany(3);
    await reading.read(app, 'c1', { userId: 'bob', seq: 2 });
    expect(await conversations.participants(app, 'c1', 'alice')).toMatchObject([
      { userId: 'alice', readSeq: 0 },
      { userId: 'bob', readSeq: 2 },
    ]);
    expect(await conversations.participant(app, 'c1', 'bob')).toMatchObject({ userId: 'bob', readSeq: 2 });
    expect(await conversations.participant(app, 'c1', 'mallory')).toBeUndefined();
  });

  test('a participant who was removed is no longer in it', async () => {
    const { app, conversations, entryOf } = await setUp('alice', 'bob');
    await conversations.removeParticipant(app, 'c1', 'bob');
    expect(await entryOf('bob')).toBeUndefined();
    await expect(conversations.get(app, 'c1', 'bob')).rejects.toMatchObject(notFound);
  });
});

describe('lists', () => {
  test('are newest activity first, page by page, each once', async () => {
    const { app, conversations, clock } = await setUp();
    for (let index = 1; index <= 5; index += 1) {
      await conversations.put(app, `c${index}`, { participants: [{ userId: 'alice' }] });
      await clock.advance(index === 3 ? 0 : 1000);
    }
    for (const userId of ['alice', undefined]) {
      const ids: string[] = [];
      let before: { activeAt: number; id: string } | undefined;
      do {
        const page = await conversations.list(app, { userId, before, limit: 2 });
        ids.push(...page.conversations.map(({ id }) => id));
        before = page.next;
      } while (before !== undefined);
      expect(ids).toEqual(['c5', 'c4', 'c3', 'c2', 'c1']);
    }
  });

  test('say nothing of a next page when there is none', async () => {
    const { app, conversations } = await setUp('alice');
    expect(await conversations.list(app, { userId: 'alice', limit: 1 })).not.toHaveProperty('next');
  });

  test('show the last message, what is unread and how far the user is', async () => {
    const { app, reading, sayMany, say, entryOf } = await setUp('alice', 'bob');
    await sayMany(3);
    await say('bob', 'mine');
    await reading.read(app, 'c1', { userId: 'bob', seq: 1 });
    expect(await entryOf('bob')).toMatchObject({
      headSeq: 4,
      unreadCount: 2,
      cursors: { delivered: 1, read: 1 },
      lastMessage: { seq: 4, senderId: 'bob', content: { text: 'mine' } },
    });
  });

  test('do not show a last message that was meant for others', async () => {
    const { say, entryOf } = await setUp('alice', 'bob', 'carol');
    await say('alice', 'between us', { targetUserIds: ['bob'] });
    expect(await entryOf('carol')).not.toHaveProperty('lastMessage');
    expect(await entryOf('bob')).toHaveProperty('lastMessage');
    expect(await entryOf('alice')).toHaveProperty('lastMessage');
  });
});

test('a conversation that is made again begins anew, also where another node knew the old one', async () => {
  const { app, clock, ...messaging } = createTestMessaging();
  const [one, two] = [messaging.node('n1'), messaging.node('n2')];
  const make = () => one.conversations.put(app, 'c1', { participants: [{ userId: 'alice' }] });
  await make();
  const request = textRequest('c1', 'alice');
  for (let index = 0; index < 3; index += 1) await two.broadcasting.carry(app, request, { via: 'http-key' });
  await one.conversations.remove(app, 'c1');
  await make();
  await clock.advance(0);
  const { message } = await two.broadcasting.carry(app, request, { via: 'http-key' });
  expect(message?.seq).toBe(1);
});

describe('history', () => {
  const seqs = ({ messages }: { messages: readonly { seq: number }[] }) => messages.map(({ seq }) => seq);

  test.each([
    [{ limit: 3 }, [5, 6, 7], true],
    [{ limit: 7 }, [1, 2, 3, 4, 5, 6, 7], false],
    [{ beforeSeq: 5, limit: 3 }, [2, 3, 4], true],
    [{ beforeSeq: 4, limit: 3 }, [1, 2, 3], false],
    [{ beforeSeq: 1, limit: 3 }, [], false],
    [{ afterSeq: 0, limit: 3 }, [1, 2, 3], true],
    [{ afterSeq: 4, limit: 3 }, [5, 6, 7], false],
    [{ afterSeq: 7, limit: 3 }, [], false],
  ])('of %o is %o, more: %s', async (range, expected, hasMore) => {
    const { app, messages, sayMany } = await setUp('alice');
    await sayMany(7);
    const page = await messages.history(app, 'c1', { ...range, viewer: 'alice' });
    expect([seqs(page), page.hasMore]).toEqual([expected, hasMore]);
    for (const message of page.messages) messageSchema.parse(message);
  });

  test('leaves out what was not meant for the viewer, and fills its pages nonetheless', async () => {
    const { app, messages, say } = await setUp('alice', 'bob', 'carol');
    for (let index = 0; index < 6; index += 1) {
      await say('alice', 'to all');
      await say('alice', 'to bob', { targetUserIds: ['bob'] });
      await say('alice', 'not to carol', { exclude: ['carol'] });
    }
    const ofCarol = (query: object) => messages.history(app, 'c1', { limit: 2, viewer: 'carol', ...query });
    expect(await ofCarol({ afterSeq: 0 })).toMatchObject({ messages: [{ seq: 1 }, { seq: 4 }], hasMore: true });
    expect(await ofCarol({ afterSeq: 10 })).toMatchObject({ messages: [{ seq: 13 }, { seq: 16 }], hasMore: false });
    expect(seqs(await ofCarol({}))).toEqual([13, 16]);
    expect(seqs(await messages.history(app, 'c1', { limit: 100, viewer: 'bob' }))).toHaveLength(18);
    expect(seqs(await messages.history(app, 'c1', { limit: 100 }))).toHaveLength(18);
  });

  test('shows a deleted message as deleted, in its place', async () => {
    const { app, messages, say } = await setUp('alice');
    const message = await say('alice', 'oops');
    await messages.remove(app, message);
    const [shown] = (await messages.history(app, 'c1', { limit: 5 })).messages;
    expect(shown).toMatchObject({ messageId: message.id, seq: 1, deletedAt: expect.any(String) });
    expect(shown).not.toHaveProperty('content');
  });

  test('never lets the data of an app pass for a field of ours', async () => {
    const { app, messages, broadcasting, kinds } = await setUp('alice');
    await kinds.put(app, { kind: 'lab', action: 'lab', audience: 'conversation', durable: 'conversation', policy: {} });
    const data = { type: 'lab', content: { a: 1 }, seq: 99, messageId: 'x', senderId: 'mallory' };
    await broadcasting.carry(
      app,
      { kind: 'lab', audience: { conversation: 'c1' }, sender: 'alice', data },
      { via: 'http-key' },
    );
    const [shown] = (await messages.history(app, 'c1', { limit: 5 })).messages;
    expect(shown).toMatchObject({ seq: 1, senderId: 'alice', content: { a: 1 } });
    expect(shown?.messageId).not.toBe('x');
  });
});

describe('changing a message', () => {
  test('is for its sender, and for an API key', async () => {
    const { app, messages, say } = await setUp('alice', 'bob');
    const { id } = await say('alice');
    await expect(messages.requireOwn(app, id, { userId: 'bob' })).rejects.toMatchObject(notFound);
    await expect(messages.requireOwn(app, id, { userId: 'mallory' })).rejects.toMatchObject(notFound);
    await expect(messages.requireOwn(app, '01890000-0000-7000-8000-000000000000', {})).rejects.toMatchObject(notFound);
    expect(await messages.requireOwn(app, id, { userId: 'alice' })).toMatchObject({ id, conversationId: 'c1' });
    expect(await messages.requireOwn(app, id, {})).toMatchObject({ id });
  });

  test('keeps the seq, and says when', async () => {
    const { app, messages, say, clock } = await setUp('alice');
    const message = await say('alice', 'first');
    await clock.advance(1000);
    const edited = await messages.edit(app, message, { content: { text: 'second' } });
    expect(edited).toMatchObject({
      seq: 1,
      data: { type: 'text', content: { text: 'second' } },
      editedAt: clock.now(),
    });
    const [shown] = (await messages.history(app, 'c1', { limit: 1 })).messages;
    expect(shown).toMatchObject({ content: { text: 'second' }, editedAt: new Date(clock.now()).toISOString() });
  });

  test('is over once it is deleted', async () => {
    const { app, messages, say } = await setUp('alice');
    const message = await say('alice');
    await messages.remove(app, message);
    const deleted = { code: 'message_deleted' };
    await expect(messages.requireOwn(app, message.id, { userId: 'alice' })).rejects.toMatchObject(deleted);
    await expect(messages.edit(app, message, { content: { text: 'x' } })).rejects.toMatchObject(deleted);
    await expect(messages.remove(app, message)).rejects.toMatchObject(deleted);
  });
});

describe('reading', () => {
  test('moves the cursor, takes delivery along, and names what was read of others', async () => {
    const { app, reading, say, stores } = await setUp('alice', 'bob');
    const sent = [await say('alice'), await say('bob'), await say('alice')];
    const { messages, ...outcome } = await reading.read(app, 'c1', { userId: 'bob', seq: 3 });
    expect(outcome).toEqual({ stream: 'c:c1', seq: 3, moved: true });
    expect(messages.map(({ id }) => id)).toEqual([sent[0]?.id, sent[2]?.id]);
    const cursor = (await stores.cursors.ofUser(app, 'bob', ['c:c1'])).get('c:c1');
    expect(cursor).toMatchObject({ read: 3, delivered: 3, seen: 3 });
  });

  test('never goes back, and says how far it is', async () => {
    const { app, reading, sayMany } = await setUp('alice', 'bob');
    await sayMany(3);
    await reading.read(app, 'c1', { userId: 'bob', seq: 3 });
    expect(await reading.read(app, 'c1', { userId: 'bob', seq: 1 })).toMatchObject({
      seq: 3,
      messages: [],
      moved: false,
    });
  });

  test('above the head is refused', async () => {
    const { app, reading, sayMany } = await setUp('alice', 'bob');
    await sayMany(1);
    await expect(reading.read(app, 'c1', { userId: 'bob', seq: 2 })).rejects.toMatchObject({
      code: 'bad_ack',
      path: ['seq'],
    });
  });

  test('by ids goes up to the newest of them in this conversation', async () => {
    const { app, reading, say } = await setUp('alice', 'bob');
    const [first, second] = [await say('alice'), await say('alice')];
    await say('alice');
    const messageIds = [second.id, first.id, '01890000-0000-7000-8000-000000000000'];
    expect(await reading.read(app, 'c1', { userId: 'bob', messageIds })).toMatchObject({ seq: 2, moved: true });
    await expect(reading.read(app, 'c1', { userId: 'bob', messageIds: messageIds.slice(2) })).rejects.toMatchObject(
      notFound,
    );
  });

  test('names at most the newest hundred, oldest first', async () => {
    const { app, reading, sayMany, messages } = await setUp('alice', 'bob');
    await sayMany(105);
    const outcome = await reading.read(app, 'c1', { userId: 'bob', seq: 105 });
    const newest = (await messages.history(app, 'c1', { limit: 100 })).messages.map(({ messageId }) => messageId);
    expect(outcome.messages.map(({ id }) => id)).toEqual(newest);
  });
});
