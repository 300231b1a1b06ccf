// A client that was away while messages it has were edited and deleted: it names when it was last up to date,
// and gets the changes.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClients } from '../support/clients.ts';
import { putConversation, say, succeed } from '../support/clinic.ts';
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

test('edits and deletions follow the resume, after a restart too, and by sync', async () => {
  await putConversation(server, 'c-changes', ['ann', 'ben']);
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three'])
    ids.push((await say(server, 'c-changes', { from: 'ann', text })).messageId);
  const before = await clients.connect({ userId: 'ben' });
  const changedSince = String(before.connected['serverTime']);
  await before.close();

  const edit = { content: { text: 'one!' } };
  await succeed(server.api('PATCH', `/messages/${ids[0]}`, edit), 'edit');
  await succeed(server.api('DELETE', `/messages/${ids[1]}`), 'delete');
  await say(server, 'c-changes', { from: 'ann', text: 'four' });
  await server.restart();

  const resume = [{ stream: 'c:c-changes', epoch: 'e1', seq: 3 }];
  const back = await clients.connect({ userId: 'ben', resume, changedSince });
  const deleted = await back.event('message_deleted');
  expect(deleted).toMatchObject({ conversationId: 'c-changes', data: { messageId: ids[1], seq: 2 } });
  expect(back.events('message_edited')).toMatchObject([
    { data: { messageId: ids[0], seq: 1, content: { text: 'one!' } } },
  ]);
  expect(await back.event('new_message')).toMatchObject({ seq: 4 });

  const other = await clients.connect({ userId: 'ben' });
  await other.ask('sync', { streams: resume, changedSince });
  await other.event('message_deleted');
  await other.barrier();
  expect(other.events('message_edited')).toHaveLength(1);

  const unasked = await clients.connect({ userId: 'ben', resume });
  await unasked.event('new_message');
  await unasked.barrier();
  expect(unasked.events('message_edited')).toEqual([]);
});
