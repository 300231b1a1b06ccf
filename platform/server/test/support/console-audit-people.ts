// The steps of the audit's test that are about connections and users of an app. Whether each leaves its entry is
// the test's.

import type { Clients } from './clients.ts';
import { putConversation, registerDevice, say } from './clinic.ts';
import type { Entry } from './console-audit-entries.ts';
import type { ConsoleAnswer } from './console-client.ts';
import { done, type ConsoleWorld } from './console-world.ts';

/** A row of the table of routes, carried out once. */
export interface PeopleStep {
  row: string;
  run: () => Promise<ConsoleAnswer>;
  expected: Partial<Omit<Entry, 'actor'>>;
}

const path = '/apps/demo';

/** In the app `demo`. */
export function stepsOfPeople(world: () => ConsoleWorld, clients: Pick<Clients, 'connect'>): PeopleStep[] {
  const owner = () => world().members.owner;
  const connect = async (userId: string) => (await clients.connect({ userId, page: '/chat' })).id;
  return [
    {
      row: 'sendTestEvent',
      run: async () => owner().post(`${path}/connections/${await connect('ann')}/test-event`, {}),
      expected: { action: 'connection.test_event' },
    },
    {
      row: 'askToReconnect',
      run: async () => owner().post(`${path}/connections/${await connect('ben')}/goaway`),
      expected: { action: 'connection.reconnect' },
    },
    {
      row: 'disconnect',
      run: async () => owner().call('DELETE', `${path}/connections/${await connect('carl')}`),
      expected: { action: 'connection.close', after: { user: 'carl', page: '/chat' } },
    },
    {
      row: 'closeConnections',
      async run() {
        await connect('dora');
        const filter = { user: 'dora' };
        return owner().post(`${path}/connections/close`, { filter, how: 'disconnect', expected: 1 });
      },
      expected: { action: 'connections.close', after: { how: 'disconnect', connections: 1 } },
    },
    {
      row: 'changeUserPreferences',
      run: () => owner().call('PUT', `${path}/users/ann/preferences`, { body: { level: 'none' } }),
      expected: { action: 'user.preferences', before: { level: 'all' }, after: { level: 'none' } },
    },
    {
      row: 'removeDevice',
      async run() {
        const id = await registerDevice(world().server, 'ann');
        return owner().call('DELETE', `${path}/devices/${id}`);
      },
      expected: { action: 'device.delete', before: { userId: 'ann', deviceType: 'mobile' } },
    },
    {
      row: 'resendMessage',
      async run() {
        const { server } = world();
        await putConversation(server, 'resent', ['rita', 'rob']);
        const { messageId } = await say(server, 'resent', { from: 'rita' });
        return owner().post(`${path}/journeys/${messageId}/resend`, { to: 'unreached', expected: 1 });
      },
      expected: { action: 'message.resend', after: { recipients: 1 } },
    },
    {
      row: 'signOutUser',
      async run() {
        await connect('emil');
        return owner().post(`${path}/users/emil/sign-out`);
      },
      expected: { action: 'user.sign_out', after: { closed: 1 } },
    },
    {
      row: 'removeApp',
      async run() {
        await done(owner().post('/tenants/clinic/apps', { template: 'empty', key: 'spare', name: 'Spare' }));
        const { headers } = await done(owner().get('/apps/spare'));
        return owner().call('DELETE', '/apps/spare', { headers: { 'if-match': headers.get('etag') ?? '' } });
      },
      expected: { action: 'app.delete', object: { type: 'app', id: 'spare' }, before: { name: 'Spare' } },
    },
    ...stepsOfConversations(world),
  ];
}

function stepsOfConversations(world: () => ConsoleWorld): PeopleStep[] {
  const owner = () => world().members.owner;
  const talk = `${path}/conversations/audited`;
  const api = (...call: Parameters<ConsoleWorld['server']['api']>) => done(world().server.api(...call));
  async function sayAsAnn(text: string): Promise<string> {
    await api('PUT', '/conversations/audited', { participants: [{ userId: 'ann' }, { userId: 'ben' }] });
    const message = { senderId: 'ann', type: 'text', content: { text } };
    return (await api('POST', '/conversations/audited/messages', message)).body['messageId'] as string;
  }
  return [
    {
      row: 'listConversationMessages',
      async run() {
        await sayAsAnn('only for ben');
        return owner().get(`${talk}/messages?content=1`);
      },
      expected: { action: 'conversation.read', object: { type: 'conversation', id: 'audited' } },
    },
    {
      row: 'putConversationParticipant',
      run: () => owner().call('PUT', `${talk}/participants/carl`, { body: { role: 'nurse' } }),
      expected: { action: 'participant.update', after: { userId: 'carl', role: 'nurse' } },
    },
    {
      row: 'removeConversationParticipant',
      run: () => owner().call('DELETE', `${talk}/participants/carl`),
      expected: { action: 'participant.delete', before: { userId: 'carl', role: 'nurse' } },
    },
    {
      row: 'deleteMessage',
      run: async () => owner().call('DELETE', `${path}/messages/${await sayAsAnn('to be deleted')}`),
      expected: { action: 'message.delete', before: { conversationId: 'audited', senderId: 'ann' } },
    },
    {
      row: 'switchPlayground',
      run: () => owner().call('PUT', `${path}/playground`, { body: { on: true } }),
      expected: { action: 'playground.switch', object: { type: 'app', id: 'demo' } },
    },
    {
      row: 'makePlaygroundConversation',
      run: () => owner().post(`${path}/playground/conversation`, { userIds: ['ann', 'ben'] }),
      expected: { action: 'participant.update', after: { added: ['ann', 'ben'] } },
    },
    {
      row: 'getMessageSeen',
      async run() {
        const notice = { kind: 'direct', audience: { users: ['ann'] }, data: { title: 'Ready' } };
        const { body } = await api('POST', '/broadcasts', notice);
        return owner().get(`${path}/messages/${String(body['id'])}?content=1`);
      },
      expected: { action: 'message.read' },
    },
    {
      row: 'sendNotice',
      run: () => owner().post(`${talk}/notices`, { title: 'Closed at noon', expected: 2 }),
      expected: { action: 'message.send', after: { users: 2 } },
    },
  ];
}
