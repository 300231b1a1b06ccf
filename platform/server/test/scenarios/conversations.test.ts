// The API of conversations over HTTP, as one guesses it, with a whole server: made without an id, replaced and
// changed, read message by message.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { say, succeed } from '../support/clinic.ts';
import { apiKey } from '../support/provision.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
const clients = createClients(() => server);
beforeAll(async () => {
  server = await startWholeServer();
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
});

interface Conversation {
  id: string;
  title?: string;
  metadata?: Record<string, unknown>;
  participants: { userId: string; role: string; metadata?: Record<string, unknown> }[];
}

async function conversationOf(method: string, path: string, body: unknown): Promise<Conversation> {
  const answer = await succeed(server.api(method, path, body), `${method} ${path}`);
  return answer['conversation'] as Conversation;
}

test('a conversation is made without an id, with users by their names, and all are told', async () => {
  const ann = await clients.connect({ userId: 'ann' });
  const participants = ['ann', { userId: 'ben', role: 'doctor', metadata: { ward: 3 } }];
  const made = await conversationOf('POST', '/conversations', { title: 'Ward', metadata: { floor: 1 }, participants });
  expect(made).toMatchObject({
    title: 'Ward',
    metadata: { floor: 1 },
    participants: [
      { userId: 'ann', role: 'member' },
      { userId: 'ben', role: 'doctor', metadata: { ward: 3 } },
    ],
  });
  expect(await ann.event('conversation_added')).toMatchObject({ conversationId: made.id });

  await conversationOf('PATCH', `/conversations/${made.id}`, { metadata: { bed: 2 } });
  expect(await ann.event('conversation_changed')).toMatchObject({
    data: { conversationId: made.id, metadata: { floor: 1, bed: 2 } },
  });
  const replaced = await conversationOf('PUT', `/conversations/${made.id}`, { metadata: { floor: 2 } });
  expect(replaced).not.toHaveProperty('title');
  expect(replaced).toMatchObject({ metadata: { floor: 2 }, participants: [{ userId: 'ann' }, { userId: 'ben' }] });
  await ann.barrier();
  expect(ann.events('conversation_changed').at(-1)?.data).toEqual({
    conversationId: made.id,
    title: null,
    metadata: { floor: 2 },
  });

  const added = server.api('POST', `/conversations/${made.id}/participants`, { participants: ['ben', 'cem'] });
  expect(await succeed(added, 'participants')).toMatchObject({
    participants: [
      { userId: 'ben', role: 'doctor' },
      { userId: 'cem', role: 'member' },
    ],
  });
});

test('the same Idempotency-Key makes one conversation', async () => {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': 'once' };
  const once = async (): Promise<unknown> => {
    const url = `${server.url}/api/v1/conversations`;
    return await (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ title: 'Once' }) })).json();
  };
  const first = await once();
  expect(first).toMatchObject({ conversation: { title: 'Once' } });
  expect(await once()).toEqual(first);
});

test('a message is sent by the guessed path, carries metadata, and is read by its id', async () => {
  const { id } = await conversationOf('POST', '/conversations', { participants: ['ann', 'ben'] });
  const ben = await clients.connect({ userId: 'ben' });
  const body = { senderId: 'ann', type: 'text', content: { text: 'hello' }, metadata: { ticket: 7 } };
  const sent = await succeed(server.api('POST', `/conversations/${id}/messages`, body), 'send');
  expect(await ben.event('new_message')).toMatchObject({ data: { metadata: { ticket: 7 } } });
  const messageId = String(sent['messageId']);
  const read = await succeed(server.api('GET', `/messages/${messageId}`), 'read');
  expect(read).toMatchObject({
    message: { messageId, conversationId: id, seq: 1, content: { text: 'hello' }, metadata: { ticket: 7 } },
  });

  await succeed(server.api('PATCH', `/messages/${messageId}`, { metadata: { ticket: null, done: true } }), 'patch');
  const edited = await ben.event('message_edited');
  expect(edited.data).toMatchObject({ content: { text: 'hello' } });
  expect(edited.data['metadata']).toEqual({ done: true });
});

test('messages are found by their words, by those alone who may see them, page by page', async () => {
  const { id } = await conversationOf('POST', '/conversations', { participants: ['ann', 'ben'] });
  for (const text of ['检查结果出来了', 'the lab results', 'lunch?']) await say(server, id, { from: 'ann', text });
  await succeed(
    server.api('POST', '/broadcasts', {
      ...{ kind: 'message', audience: { conversation: id }, sender: 'ann', exclude: ['ben'] },
      data: { type: 'text', content: { text: 'results without ben' } },
    }),
    'narrowed',
  );
  const [ann, ben, eve] = await Promise.all(['ann', 'ben', 'eve'].map((user) => server.tokenOf(user)));
  const found = async (query: string, token?: string): Promise<unknown[]> => {
    const { body } = await server.api('GET', `/messages/search?${query}`, undefined, token);
    return (body['messages'] as { content: { text: string } }[]).map(({ content: { text } }) => text);
  };
  expect(await found(`q=${encodeURIComponent('结果')}`, ben)).toEqual(['检查结果出来了']);
  expect(await found('q=RESULT', ben)).toEqual(['the lab results']);
  expect(await found('q=result', ann)).toEqual(['results without ben', 'the lab results']);
  expect(await found('q=result', eve)).toEqual([]);
  expect(await found('q=result&userId=ben')).toEqual(['the lab results']);
  expect(await found(`senderId=ann&conversationId=${id}&to=2000-01-01T00:00:00Z`, ann)).toEqual([]);

  const first = await server.api('GET', `/messages/search?conversationId=${id}&limit=3`, undefined, ann);
  const cursor = String(first.body['nextCursor']);
  expect(await found(`conversationId=${id}&limit=3&cursor=${cursor}`, ann)).toEqual(['检查结果出来了']);
  const elsewhere = await server.api('GET', `/messages/search?q=other&cursor=${cursor}`, undefined, ann);
  expect(elsewhere).toMatchObject({ status: 400, body: { code: 'bad_cursor' } });
  const wordless = await server.api('GET', '/messages/search?q=*', undefined, ann);
  expect(wordless).toMatchObject({ status: 400, body: { path: ['q'] } });
});

test.each([
  ['PUT', '/conversations/long', { metadata: { a: 'é'.repeat(4096) } }, ['metadata']],
  ['POST', '/conversations', { participants: [7] }, ['participants', 0]],
  ['POST', '/conversations', { participants: [{ userId: 'ann', rol: 'x' }] }, ['participants', 0, 'rol']],
  ['POST', '/conversations', { participants: ['ann', { userId: 'ann' }] }, ['participants', 1, 'userId']],
  [
    'POST',
    '/conversations',
    { participants: [{ userId: 'a', metadata: { b: 'c'.repeat(1024) } }] },
    ['participants', 0, 'metadata'],
  ],
  ['PATCH', '/conversations/any', { participants: ['ann'] }, ['participants']],
  ['POST', '/conversations/any/participants', { participants: [] }, ['participants']],
] as const)('%s %s names the field that is wrong: %j', async (method, path, body, wrong) => {
  const answer = await server.api(method, path, body);
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body', path: wrong } });
});
