// Reactions, pins and replies over a whole server: who may, who is told, and how a client that was away
// learns of them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, registerDevice, say, succeed, untilPush } from '../support/clinic.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import type { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let receiver: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);
beforeAll(async () => {
  receiver = await startPushReceiver();
  server = await startWholeServer({ pushUrl: receiver.url, settings: { waitMs: 0 } });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await receiver.close();
});

const join = (userId: string) => clients.connect({ userId });

const like = { reaction: '👍' };

async function reply(conversationId: string, to: string, { from = 'ann' } = {}) {
  const body = { senderId: from, type: 'text', content: { text: 're' }, replyTo: to };
  return String(
    (await succeed(server.api('POST', `/conversations/${conversationId}/messages`, body), 'reply'))['messageId'],
  );
}

const messageNow = async (id: string) =>
  (await succeed(server.api('GET', `/messages/${id}`), 'message'))['message'] as Record<string, unknown>;

const idsOf = (body: Record<string, unknown>) =>
  (body['messages'] as { messageId: string }[]).map(({ messageId }) => messageId);

/** Of what came since the last look. */
async function updates(client: SocketClient): Promise<Record<string, unknown>[]> {
  await client.barrier();
  const found = client.events('message_updated').map(({ data }) => data);
  client.frames.length = 0;
  return found;
}

describe('reactions', () => {
  test('reach everybody in the conversation but the connection they come from, as they are now', async () => {
    await putConversation(server, 'r1', ['ann', 'ben', 'cleo']);
    const { messageId } = await say(server, 'r1', { from: 'ann' });
    const [ann, ben, elsewhere] = await Promise.all([join('ann'), join('ben'), join('ben')]);
    const answer = await ben.ask('add_reaction', { messageId, ...like });
    const first = { messageId, seq: 1, senderId: 'ann', reactions: [{ reaction: '👍', userIds: ['ben'] }] };
    expect(answer).toMatchObject({ ok: true, data: first });
    expect(await updates(ann)).toMatchObject([first]);
    expect(await updates(elsewhere)).toMatchObject([first]);
    expect(await updates(ben)).toEqual([]);

    // The same again is no news.
    expect((await ben.ask('add_reaction', { messageId, ...like })).data).toEqual(answer.data);
    const put = server.api('PUT', `/messages/${messageId}/reactions/${encodeURIComponent('👍')}?userId=cleo`);
    const { message } = await succeed(put, 'put');
    expect(message).toMatchObject({ reactions: [{ reaction: '👍', userIds: ['ben', 'cleo'] }] });
    expect(await updates(ann)).toMatchObject([{ reactions: [{ userIds: ['ben', 'cleo'] }] }]);

    await ben.ask('remove_reaction', { messageId, ...like });
    const gone = server.api('DELETE', `/messages/${messageId}/reactions/${encodeURIComponent('👍')}?userId=cleo`);
    expect((await succeed(gone, 'delete'))['message']).not.toHaveProperty('reactions');
    const [, last] = await updates(ann);
    expect(last).toMatchObject({ reactions: [] });
    const history = await ann.ask('history', { conversationId: 'r1' });
    expect(history.data['messages']).toMatchObject([{ messageId, updatedAt: last?.['updatedAt'] }]);
  });

  test('are for those who can see the message, and not for messages that are gone', async () => {
    await putConversation(server, 'r2', ['ann', 'ben', 'cleo']);
    const { messageId } = await say(server, 'r2', { from: 'ann' });
    const body = { kind: 'message', sender: 'ann', audience: { conversation: 'r2' }, targetUserIds: ['cleo'] };
    const narrowed = { ...body, data: { type: 'text', content: { text: 'for cleo' } } };
    const { id: forCleo } = await succeed(server.api('POST', '/broadcasts', narrowed), 'narrowed');
    const notice = { kind: 'system_notification', audience: { conversation: 'r2' }, data: { title: 'x' } };
    const { id: ofNobody } = await succeed(server.api('POST', '/broadcasts', notice), 'notice');
    const [ben, cleo, eve] = await Promise.all([join('ben'), join('cleo'), join('eve')]);
    const code = async (client: SocketClient, action: string, data: object) =>
      (await client.ask(action, { ...data })).error?.code;
    for (const action of ['add_reaction', 'remove_reaction', 'pin_message', 'unpin_message', 'replies']) {
      expect([action, await code(eve, action, { messageId, ...like })]).toEqual([action, 'not_found']);
      expect([action, await code(ben, action, { messageId: forCleo, ...like })]).toEqual([action, 'not_found']);
    }
    expect(await code(cleo, 'add_reaction', { messageId: ofNobody, ...like })).toBe('not_found');
    expect(await code(eve, 'pins', { conversationId: 'r2' })).toBe('not_found');
    expect(await code(ben, 'add_reaction', { messageId, reaction: 'thank you' })).toBe('bad_request');
    await updates(ben);
    expect((await cleo.ask('add_reaction', { messageId: forCleo, ...like })).ok).toBe(true);
    expect(await updates(ben)).toEqual([]);

    const named = await server.api('PUT', `/messages/${messageId}/reactions/like`);
    expect([named.status, named.body['path']]).toEqual([422, ['userId']]);
    const stranger = await server.api('PUT', `/messages/${messageId}/reactions/like?userId=eve`);
    expect(stranger.status).toBe(404);
    await succeed(server.api('DELETE', `/messages/${messageId}`), 'delete');
    expect(await code(ben, 'add_reaction', { messageId, ...like })).toBe('message_deleted');
    expect(await code(ben, 'pin_message', { messageId })).toBe('message_deleted');
  });

  test('and pins and replies push nothing that a message would not', async () => {
    await putConversation(server, 'r3', ['ann', 'ben']);
    await registerDevice(server, 'ann');
    const { messageId } = await say(server, 'r3', { from: 'ann' });
    const ben = await join('ben');
    await ben.ask('add_reaction', { messageId, ...like });
    await ben.ask('pin_message', { messageId });
    // The one push there is comes after whatever the others would have led to.
    const sent = await reply('r3', messageId, { from: 'ben' });
    await untilPush(server, sent, { userId: 'ann', reason: 'accepted_by_provider' });
    expect(receiver.pushes.map(({ body }) => body.notification)).toMatchObject([{ body: 're', count: 1 }]);
  });
});

describe('pins', () => {
  test('are told, listed in the order of the log, and taken off by anybody in the conversation', async () => {
    await putConversation(server, 'p1', ['ann', 'ben']);
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three']) ids.push((await say(server, 'p1', { from: 'ann', text })).messageId);
    const [ann, ben] = await Promise.all([join('ann'), join('ben')]);
    await ben.ask('pin_message', { messageId: ids[2] });
    await succeed(server.api('PUT', `/messages/${ids[0]}/pin`), 'pin');
    expect(await updates(ann)).toMatchObject([
      { messageId: ids[2], pinned: { by: 'ben' } },
      { messageId: ids[0], pinned: { at: expect.any(String) } },
    ]);
    expect((await messageNow(ids[0] ?? ''))['pinned']).not.toHaveProperty('by');
    const pins = async (query = '') => await succeed(server.api('GET', `/conversations/p1/pins${query}`), 'pins');
    expect(idsOf(await pins())).toEqual([ids[0], ids[2]]);
    expect(await pins('?limit=1')).toMatchObject({ messages: [{ messageId: ids[2] }], hasMore: true });
    expect(idsOf(await pins('?beforeSeq=3'))).toEqual([ids[0]]);
    await ann.ask('unpin_message', { messageId: ids[2] });
    expect(await updates(ben)).toMatchObject([{ messageId: ids[0] }, { messageId: ids[2], reactions: [] }]);
    const { data } = await ben.ask('pins', { conversationId: 'p1' });
    expect(idsOf(data)).toEqual([ids[0]]);
  });
});

describe('replies', () => {
  test('are counted on the message that they answer, told to all of its readers, and listed', async () => {
    await putConversation(server, 't1', ['ann', 'ben']);
    const { messageId } = await say(server, 't1', { from: 'ann' });
    const [ann, ben] = await Promise.all([join('ann'), join('ben')]);
    const draft = { conversationId: 't1', cid: 'x', type: 'text', content: { text: 're' }, replyTo: messageId };
    const { data } = await ben.ask('message', draft);
    const counted = { messageId, replies: { count: 1, lastAt: data['timestamp'] } };
    for (const client of [ann, ben]) {
      expect((await client.event('message_updated')).data).toMatchObject(counted);
      client.frames.length = 0;
    }
    // Sent again it is the same message.
    await ben.ask('message', draft);
    const second = await reply('t1', messageId);
    expect((await ann.event('message_updated')).data).toMatchObject({ replies: { count: 2 } });
    const listed = await ben.ask('replies', { messageId });
    expect(idsOf(listed.data)).toEqual([data['messageId'], second]);
    const path = `/messages/${messageId}/replies`;
    expect(idsOf(await succeed(server.api('GET', `${path}?limit=1`), 'page'))).toEqual([second]);

    ann.frames.length = 0;
    await succeed(server.api('DELETE', `/messages/${second}`), 'delete');
    expect((await ann.event('message_updated')).data).toMatchObject(counted);
    expect(await messageNow(messageId)).toMatchObject({ replies: counted.replies });
    expect(idsOf(await succeed(server.api('GET', path), 'replies'))).toEqual([data['messageId']]);
  });

  test('for some alone are in the list of those, and in nobody else’s count or list', async () => {
    await putConversation(server, 't2', ['ann', 'ben', 'cleo']);
    const { messageId } = await say(server, 't2', { from: 'ann' });
    const data = { type: 'text', content: { text: 'between us' }, replyTo: messageId };
    const narrowed = { kind: 'message', sender: 'ann', audience: { conversation: 't2' }, targetUserIds: ['ben'], data };
    const { id } = await succeed(server.api('POST', '/broadcasts', narrowed), 'narrowed');
    expect(await messageNow(messageId)).not.toHaveProperty('replies');
    const [ben, cleo] = await Promise.all([join('ben'), join('cleo')]);
    expect(idsOf((await ben.ask('replies', { messageId })).data)).toEqual([id]);
    expect(idsOf((await cleo.ask('replies', { messageId })).data)).toEqual([]);
  });
});

describe('a client that was away', () => {
  test('gets what was added to messages that it has, and new messages with what was added to them', async () => {
    await putConversation(server, 'a1', ['ann', 'ben']);
    const { messageId: known } = await say(server, 'a1', { from: 'ann', text: 'known' });
    const before = await clients.connect({ userId: 'ben' });
    const changedSince = String(before.connected['serverTime']);
    await before.close();
    const edited = { content: { text: 'known!' } };
    await succeed(server.api('PATCH', `/messages/${known}`, edited), 'edit');
    await succeed(server.api('PUT', `/messages/${known}/reactions/like?userId=ann`), 'react');
    const fresh = await reply('a1', known);
    await succeed(server.api('PUT', `/messages/${fresh}/pin`), 'pin');
    await server.restart();

    const resume = [{ stream: 'c:a1', epoch: 'e1', seq: 1 }];
    const back = await clients.connect({ userId: 'ben', resume, changedSince });
    expect((await back.event('new_message')).data).toMatchObject({
      messageId: fresh,
      pinned: { at: expect.any(String) },
    });
    const update = await back.event('message_updated', ({ data }) => data['messageId'] === known);
    expect(update).toMatchObject({
      conversationId: 'a1',
      data: { seq: 1, reactions: [{ reaction: 'like', userIds: ['ann'] }], replies: { count: 1 } },
    });
    expect(back.events('message_edited')).toMatchObject([{ data: { messageId: known, ...edited } }]);
    const found = await succeed(server.api('GET', '/messages/search?q=known&conversationId=a1'), 'search');
    expect(found['messages']).toMatchObject([{ messageId: known, replies: { count: 1 } }]);
  });
});
