// People of an app that is looked at: many connections, and messages that became different things. For tests and
// pictures in a browser.
import { createClients, type Clients } from '../../../platform/server/test/support/clients.ts';
import type { SocketClient } from '../../../platform/server/test/support/socket-client.ts';
import type { WholeServer } from '../../../platform/server/test/support/whole-server.ts';
import { hostile } from './console-server.ts';

export interface Crowd {
  clients: Clients;
  end: () => Promise<void>;
}

const people = [
  ['bob', 'Bob Meier'],
  ['carol', 'Carol'],
  ['li', '李伟'],
  ['dana', 'Dr. Maximiliane Freifrau von und zu Hohenlohe-Waldenburg'],
  ['mallory', hostile],
] as const;

/** `connections`: beside those of the people above. */
export async function fillWithPeople(server: WholeServer, { connections = 0 } = {}): Promise<Crowd> {
  const clients = createClients(() => server);
  const all: SocketClient[] = [];
  for (const [id, name] of people) await server.api('PUT', `/users/${id}`, { name: name.slice(0, 100) });
  const devices = ['desktop', 'mobile', 'tablet'] as const;
  for (const [at, [userId]] of people.entries()) {
    const deviceType = devices[at % devices.length] ?? 'desktop';
    const deviceId = `device-${at}`;
    all.push(await clients.connect({ userId, deviceType, deviceId, page: '/chat', visible: at % 2 === 0 }));
  }
  for (let at = 0; at < connections; at += 1) {
    const userId = `user-${String(at).padStart(3, '0')}`;
    all.push(await clients.connect({ userId, page: '/chat', visible: at % 3 > 0 }));
  }
  // Whoever says nothing for a minute is taken for gone.
  const beat = setInterval(() => {
    for (const client of all) client.send('heartbeat');
  }, 15_000);
  return {
    clients,
    async end() {
      clearInterval(beat);
      await clients.closeAll();
    },
  };
}

/** Messages to Bob: seen, in a tab that nobody looks at, and while he was away. */
export async function sayToBob(server: WholeServer): Promise<void> {
  await server.api('PUT', '/conversations/c1', { title: 'Consultation', participants: participants('alice', 'bob') });
  await server.api('PUT', '/conversations/lab', { participants: participants('carol', 'bob') });
  await server.api('PUT', '/users/bob/preferences', {
    conversations: { lab: { muteUntil: new Date(Date.now() + 3_600_000).toISOString() } },
  });
  await say(server, 'c1', 'alice');
  await say(server, 'lab', 'carol');
  await say(server, 'c1', 'bob');
}

async function say(server: WholeServer, conversation: string, senderId: string): Promise<void> {
  const body = { senderId, cid: `cid-${Math.random()}`, type: 'text', content: { text: 'are you there?' } };
  const { status } = await server.api('POST', `/conversations/${conversation}/messages`, body);
  if (status !== 201) throw new Error(`not sent: ${status}`);
}

function participants(...ids: string[]): { userId: string }[] {
  return ids.map((userId) => ({ userId }));
}
