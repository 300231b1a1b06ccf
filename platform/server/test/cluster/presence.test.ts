// Presence over three nodes as processes: a user goes offline once, after the last of their tabs; the users of a node
// that was killed go offline soon, and nobody stays as a ghost.

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { putConversation, succeed } from '../support/clinic.ts';
import { provisionFile, webhookSecret } from '../support/provision.ts';
import { SocketClient, type ConnectOptions } from '../support/socket-client.ts';
import { startCluster, type Cluster } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';

let cluster: Cluster;

beforeAll(async () => {
  // Nobody listens there: what is kept for it is looked at.
  const webhooks = [
    { id: 'comings', url: 'http://127.0.0.1:9/comings', events: ['user.offline'], secret: webhookSecret },
  ];
  const provision = provisionFile({ app: { webhooks } });
  cluster = await startCluster({ provision, onLine: () => undefined, workers: 0 });
  await succeed(
    gateway(1).process.api('PUT', '/pages', { pattern: '/desk', enabled: true, features: ['messaging', 'presence'] }),
    'page',
  );
}, 120_000);
afterAll(() => cluster.stop(), 60_000);

function gateway(at: 1 | 2 | 3): ClusterNode {
  const found = cluster.gateways[at - 1];
  if (found === undefined) throw new Error(`gateway ${at} is not there`);
  return found;
}

async function connect(at: 1 | 2 | 3, userId: string, more: ConnectOptions = {}): Promise<SocketClient> {
  const client = await SocketClient.connect(gateway(at).process, { userId, ...more });
  onTestFinished(() => client.end());
  return client;
}

/** Hears of these users on the second node. */
async function watch(watcher: string, userIds: readonly string[]): Promise<SocketClient> {
  await putConversation(gateway(1).process, `of.${watcher}`, [watcher, ...userIds]);
  const client = await connect(2, watcher, { page: '/desk' });
  await client.ask('presence', { userIds, watch: true });
  return client;
}

const updatesOf = (client: SocketClient, userId: string): unknown[] =>
  client
    .events('presence_update')
    .filter(({ data }) => data['userId'] === userId)
    .map(({ data }) => data['online']);

const isOffline =
  (userId: string) =>
  ({ data }: { data: Record<string, unknown> }): boolean =>
    data['userId'] === userId && data['online'] === false;

test('a user with tabs on three nodes goes offline once, after the last', { timeout: 60_000 }, async () => {
  const watcher = await watch('wendy', ['ann', 'bob', 'cat']);
  const tabs = await Promise.all(([1, 2, 3] as const).map((at) => connect(at, 'ann')));
  const [bob, cat] = await Promise.all([connect(3, 'bob'), connect(1, 'cat')]);
  await watcher.until(() =>
    ['ann', 'bob', 'cat'].every((id) => updatesOf(watcher, id).length > 0) ? true : undefined,
  );
  const [first, second, last] = tabs;
  await first?.close();
  await second?.close();
  // Bob went after them: when he is reported, their grace is over, and Ann has a tab left.
  await bob.close();
  await watcher.event('presence_update', isOffline('bob'));
  expect(updatesOf(watcher, 'ann')).toEqual([true]);
  const leftAt = performance.now();
  await last?.close();
  await watcher.event('presence_update', isOffline('ann'));
  expect(performance.now() - leftAt).toBeGreaterThan(4500);
  // What another node would report as well comes by then.
  await cat.close();
  await watcher.event('presence_update', isOffline('cat'));
  expect(updatesOf(watcher, 'ann')).toEqual([true, false]);
});

test(
  'users of a killed node go offline within 25 s, once, and none is left as a ghost',
  { timeout: 90_000 },
  async () => {
    const userIds = Array.from({ length: 20 }, (_, at) => `guest-${at}`);
    const [stays = ''] = userIds;
    const watcher = await watch('walter', userIds);
    await Promise.all(userIds.map((userId) => connect(1, userId)));
    await connect(3, stays);
    await watcher.until(() => (userIds.every((id) => updatesOf(watcher, id).includes(true)) ? true : undefined));
    const killedAt = performance.now();
    await gateway(1).kill();
    const gone = userIds.slice(1);
    await Promise.all(gone.map((userId) => watcher.event('presence_update', isOffline(userId))));
    expect(performance.now() - killedAt).toBeLessThan(25_000);
    // Later than everything that two nodes could say of them.
    const { body } = await gateway(3).process.api('GET', `/presence?userIds=${userIds.join(',')}`);
    expect(body['states']).toEqual(
      userIds.map((userId): unknown => expect.objectContaining({ userId, online: userId === stays })),
    );
    for (const userId of gone) {
      const { body: listed } = await gateway(2).process.api('GET', `/users/${userId}/connections`);
      expect(listed['connections']).toEqual([]);
    }
    await watcher.barrier();
    expect(gone.map((userId) => updatesOf(watcher, userId))).toEqual(gone.map(() => [true, false]));
    expect(updatesOf(watcher, stays).at(-1)).toBe(true);
    expect(updatesOf(watcher, stays)).not.toContain(false);
    // And webhooks hear of each once, from the one node that cleaned up.
    const userOf = async (id: string): Promise<string> => {
      const { event } = await succeed(gateway(2).process.api('GET', `/webhooks/comings/events/${id}`), 'event');
      return (event as { payload: { data: { userId: string } } }).payload.data.userId;
    };
    const told = async (): Promise<unknown[]> => {
      const { events } = await succeed(gateway(2).process.api('GET', '/webhooks/comings/events?limit=100'), 'events');
      const users = await Promise.all((events as { id: string }[]).map(({ id }) => userOf(id)));
      return users.filter((userId) => userIds.includes(userId)).toSorted();
    };
    await vi.waitFor(async () => expect(await told()).toEqual(gone.toSorted()), { timeout: 10_000 });
  },
);
