// Topics against a real server: kept over reconnects and moves, and refused in words.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { broadcast } from '../../server/test/support/clinic.ts';
import { startWholeServer, type WholeServer } from '../../server/test/support/whole-server.ts';
import '../src/topics.ts';
import type { CommandFailure, ServerEvent, TopicPresence } from '../src/types.ts';
import { startCuttingProxy, type CuttingProxy } from './support/cutting-proxy.ts';
import { createRealClients, type RealClient, type RealClients } from './support/real-client.ts';

const page = { enabled: true, features: ['system_notifications'] };
let server: WholeServer;
let proxy: CuttingProxy;
let clients: RealClients;

beforeAll(async () => {
  server = await startWholeServer();
  await server.api('PUT', '/pages', { ...page, pattern: '/ward', topics: ['ward-*'] });
  await server.api('PUT', '/pages', { ...page, pattern: '/hall' });
  await server.api('PUT', '/pages', { ...page, pattern: '/round', presenceTopics: ['ward-*'] });
  proxy = await startCuttingProxy(() => server.url);
  clients = createRealClients(() => ({ url: proxy.url, tokenOf: (...user) => server.tokenOf(...user) }));
});
afterEach(() => clients.stopAll());
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const isSubscribed = (client: RealClient, times: number): (() => boolean) => {
  let answers = 0;
  client.belfry.onFrame(({ direction, text }) => {
    if (direction === 'in' && text.includes('"data":{"topic":"ward-7"}')) answers += 1;
  });
  return () => answers >= times;
};

const say = (topic: string, title: string): Promise<unknown> =>
  broadcast(server, { kind: 'announcement', audience: { topic }, data: { title } });

const titles = (events: readonly ServerEvent[]): unknown[] => events.map(({ data }) => data['title']);

test("a topic that the page allows brings its events, and no other topic's, also after the connection was lost", async () => {
  const ann = clients.start('ann', { page: '/ward' });
  const [seven, eight]: ServerEvent[][] = [[], []];
  const first = isSubscribed(ann, 1);
  ann.belfry.topic('ward-7').subscribe((event) => seven?.push(event));
  ann.belfry.topic('ward-8').subscribe((event) => eight?.push(event));
  await expect.poll(first).toBe(true);
  const again = isSubscribed(ann, 1);
  await say('ward-7', 'one');
  await expect.poll(() => seven?.length).toBe(1);
  proxy.cut();
  await expect.poll(again).toBe(true);
  await say('ward-7', 'two');
  await expect.poll(() => seven?.length).toBe(2);
  expect([titles(seven ?? []), eight]).toEqual([['one', 'two'], []]);
  expect(seven?.[0]).toMatchObject({ action: 'announcement', topic: 'ward-7' });
});

test('a topic is refused with the reason where neither page nor token allows it, and had again where it is', async () => {
  const ann = clients.start('ann', { page: '/hall' });
  await ann.untilStatus('connected');
  const refused: CommandFailure[] = [];
  const heard: ServerEvent[] = [];
  const subscribed = isSubscribed(ann, 1);
  ann.belfry.topic('ward-7').subscribe(
    (event) => heard.push(event),
    (why) => refused.push(why),
  );
  await expect.poll(() => refused).toMatchObject([{ code: 'forbidden', retry: 'never', path: ['topic'] }]);
  ann.belfry.setPage('/ward');
  await expect.poll(subscribed).toBe(true);
  await say('ward-7', 'now');
  await expect.poll(() => heard.length).toBe(1);
  ann.belfry.setPage('/hall');
  await expect.poll(() => refused.length).toBeGreaterThan(1);
  expect(ann.reported).toEqual([]);
});

test('a topic of the token needs no page, and brings nothing after it was left by the last handler', async () => {
  const getToken = (): Promise<string> => server.tokenOf('ann', { topics: ['ward-7'] });
  const ann = clients.start('ann', { page: '/hall', getToken });
  await ann.untilStatus('connected');
  const heard: string[] = [];
  const subscribed = isSubscribed(ann, 2);
  const ends = ['a', 'b'].map((name) => ann.belfry.topic('ward-7').subscribe(() => heard.push(name)));
  await expect.poll(subscribed).toBe(true);
  ends[0]?.();
  ends[0]?.();
  await Promise.resolve();
  await say('ward-7', 'one');
  await expect.poll(() => heard.length).toBe(1);
  const left = isSubscribed(ann, 1);
  ends[1]?.();
  await expect.poll(left).toBe(true);
  await say('ward-7', 'two');
  const seen = isSubscribed(ann, 1);
  ann.belfry.topic('ward-7').subscribe(() => heard.push('c'));
  await expect.poll(seen).toBe(true);
  await say('ward-7', 'three');
  await expect.poll(() => heard.length).toBe(2);
  expect(heard).toEqual(['b', 'c']);
});

test('who is in a topic is told whole, with who came and went, and anew after the connection was lost', async () => {
  const ann = clients.start('ann', { page: '/round' });
  const seen: TopicPresence[] = [];
  const stop = ann.belfry.topic('ward-9').presence((who) => seen.push(who));
  const here = (): string | undefined => names(seen.at(-1)?.members);
  await expect.poll(here).toBe('ann');
  const bob = clients.start('bob', { page: '/round' });
  bob.belfry.topic('ward-9').subscribe(() => undefined);
  await expect.poll(here).toBe('ann bob');
  expect(names(seen.at(-1)?.joined)).toBe('bob');
  const before = seen.length;
  proxy.cut();
  await expect.poll(() => seen.length).toBeGreaterThan(before);
  expect(names(seen.at(-1)?.members)).toContain('ann');
  await bob.belfry.stop();
  await expect.poll(here, { timeout: 10_000 }).toBe('ann');
  expect(names(seen.at(-1)?.left)).toBe('bob');
  stop();
  expect(ann.reported).toEqual([]);
}, 20_000);

test('who is there is refused where the page gives the topic alone, whose events come all the same', async () => {
  const ann = clients.start('ann', { page: '/ward' });
  const refused: CommandFailure[] = [];
  const heard: ServerEvent[] = [];
  const subscribed = isSubscribed(ann, 1);
  ann.belfry.topic('ward-7').presence(
    () => undefined,
    (why) => refused.push(why),
  );
  ann.belfry.topic('ward-7').subscribe((event) => heard.push(event));
  await expect.poll(() => refused[0]).toMatchObject({ code: 'forbidden', path: ['presence'] });
  await expect.poll(subscribed).toBe(true);
  await say('ward-7', 'now');
  await expect.poll(() => titles(heard)).toEqual(['now']);
});

function names(members: readonly { userId: string }[] | undefined): string | undefined {
  return members
    ?.map(({ userId }) => userId)
    .sort()
    .join(' ');
}
