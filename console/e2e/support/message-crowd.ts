// Messages that became different things, for tests and pictures of the screens about them: people who are away, look
// elsewhere, muted, sit on a page without the feature, or have a device that is gone.
import type { Clients } from '../../../platform/server/test/support/clients.ts';
import {
  broadcast,
  putConversation,
  registerDevice,
  say,
  type Sent,
} from '../../../platform/server/test/support/clinic.ts';
import { webhookSecret } from '../../../platform/server/test/support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../../../platform/server/test/support/push-receiver.ts';
import type { WholeServer, WholeServerOptions } from '../../../platform/server/test/support/whole-server.ts';

/** Services behind providers: one takes everything, one knows no device any more, one takes no credentials. */
export interface Services {
  good: PushReceiver;
  gone: PushReceiver;
  refusing: PushReceiver;
  close: () => Promise<void>;
}

export async function startServices(): Promise<Services> {
  const [good, gone, refusing] = await Promise.all([startPushReceiver(), startPushReceiver(), startPushReceiver()]);
  gone.answerAlways({ status: 410 });
  refusing.answerAlways({ status: 401 });
  return {
    ...{ good, gone, refusing },
    async close() {
      await Promise.all([good, gone, refusing].map((service) => service.close()));
    },
  };
}

export function withServices({ good, gone, refusing }: Services): WholeServerOptions {
  const providers = Object.entries({ hook: good, gone, refusing }).map(([id, { url }]) => ({
    ...{ id, plugin: 'webhook', config: { url, secret: webhookSecret } },
  }));
  return { settings: { waitMs: 300 }, app: { providers } };
}

/** To more people than are kept by name. */
export async function sayToMany(server: WholeServer): Promise<string> {
  const users = Array.from({ length: 1500 }, (_, n) => `crowd-${n}`);
  const sent = await broadcast(server, { kind: 'direct', audience: { users }, data: { title: 'Maintenance' } });
  return String(sent['id']);
}

/** People of the conversation `ward`, each of whom one message becomes something else for. */
export async function fillWard(server: WholeServer, clients: Clients): Promise<Sent> {
  const people = ['nurse', 'bob', 'muted', 'away', 'shop', 'hidden', 'paused', 'pushed'];
  await putConversation(server, 'ward', people);
  // Who never connects is found all the same.
  for (const userId of ['muted', 'away', 'paused', 'pushed'])
    await server.api('PUT', `/users/${userId}`, { name: userId });
  await registerDevice(server, 'muted');
  await registerDevice(server, 'hidden', { provider: 'gone' });
  await registerDevice(server, 'paused', { provider: 'refusing' });
  await registerDevice(server, 'pushed');
  const muteUntil = new Date(Date.now() + 3_600_000).toISOString();
  await server.api('PUT', '/users/muted/preferences', { conversations: { ward: { muteUntil } } });
  await server.api('PUT', '/pages', { pattern: '/shop', enabled: true, features: ['system_notifications'] });
  await clients.connect({ userId: 'shop', page: '/shop' });
  const hidden = await clients.connect({ userId: 'hidden', page: '/chat', visible: false });
  const bob = await clients.connect({ userId: 'bob', page: '/chat' });
  const sent = await say(server, 'ward', { from: 'nurse', text: 'The round begins at nine.' });
  await Promise.all([bob.event('new_message'), hidden.event('new_message')]);
  await bob.ack('c:ward', sent.seq);
  await hidden.ack('c:ward', sent.seq, false);
  return sent;
}
