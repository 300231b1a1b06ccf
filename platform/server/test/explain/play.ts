// Plays one case: simulates it, asks explain, broadcasts, lets clients acknowledge and time pass, and holds what
// came of it against what was said. Which cases: cases.ts.

import {
  isBelfryError,
  type BroadcastResult,
  type ExplainResult,
  type Journey,
  type ReasonCounts,
} from '@belfry/protocol';
import { expect } from 'vitest';
import type { PushSettings } from '../../src/notifications/push-settings.ts';
import type { Origin } from '../../src/broadcasting/validate.ts';
import type { AppId } from '../../src/ports/app-id.ts';
import { encode } from '../../src/sessions/encoded.ts';
import { Session } from '../../src/sessions/session.ts';
import { page } from '../../src/sessions/test/sessions.fixture.ts';
import { FakeOutlet } from '../support/fake-outlet.ts';
import { sampleDevice } from '../support/samples.ts';
import { people, startMs, type Case, type Connection } from './cases.ts';
import { awaits, endOfPush, endOfAck, holds, pushesAlways, type PushEnd } from './expectations.ts';
import { behindBytes, type Node, type World } from './world.ts';

interface Client {
  connection: Connection;
  session: Session;
  outlet: FakeOutlet;
  node: Node;
}

interface Stage {
  world: World;
  app: AppId;
  clients: readonly Client[];
}

interface Played extends Stage {
  explained: ExplainResult;
  result: BroadcastResult;
}

/** After the wait of the app, and what the claims of it take. */
const afterWaitMs = 7000;
/** The quiet hours of the cases are over by then. */
const afterQuietMs = 130_000;
/** Before any wait is over. */
const acksAfterMs = 50;

/** Resolves with the reasons that explain gave; rejects where it and the broadcast disagree. */
export async function play(world: World, given: Case): Promise<ReasonCounts> {
  world.clock.jump(startMs - world.clock.now());
  const app = await world.openApp(given.settings);
  const stage = { world, app, clients: await setUp({ world, app }, given) };
  try {
    const foretold = await foretell(stage, given);
    await change(stage, given);
    return await compare(stage, given, foretold);
  } finally {
    for (const { node, session } of stage.clients) {
      node.registry.remove(session);
      await node.engine.presence.leave(app, session.id);
    }
    await world.closeApp(app);
  }
}

async function compare(stage: Stage, given: Case, foretold: ReasonCounts | undefined): Promise<ReasonCounts> {
  const { world, app, clients } = stage;
  const { clock, nodes } = world;
  const { broadcasting } = nodes[0].messaging;
  const { request } = given;
  const origin = originOf(given, clients);
  const before = countsOf(clients);

  const explained = await answerOf(() => broadcasting.explain(app, request, origin));
  await clock.advance(0);
  expect(countsOf(clients), 'what connections got of explain').toEqual(before);
  expect(world.posted(app), 'what providers got of explain').toEqual([]);

  if (origin.via === 'http-key') {
    expect(foretold, 'what was simulated before').toEqual('refused' in explained ? undefined : explained.counts);
    await simulateNothing(stage, request, explained);
  }
  const broadcastAtMs = clock.monotonic();
  const result = await answerOf(() => broadcasting.broadcast(app, request, origin));
  await clock.advance(0);
  if ('refused' in explained || 'refused' in result) {
    expect(result, 'the refusal').toEqual(explained);
    expect(countsOf(clients), 'what connections got of a refusal').toEqual(before);
    return {};
  }
  const played = { ...stage, explained, result };
  expect(result.decisions, 'the answer of the broadcast').toEqual(explained.counts);
  expectReceipts(played, before);
  expectPlan(played, await journeyOf(played));

  await clock.advance(acksAfterMs);
  const acked = new Set(clients.filter((client, index) => acknowledges(client, before[index] ?? 0)));
  const reasons = explained.recipients.flatMap(({ push }) => push.map(({ reason }) => reason));
  const elapsedMs = reasons.includes('quiet_hours_deferred') ? afterQuietMs : afterWaitMs;
  await clock.advance(elapsedMs);
  const ends = endsOf(played, { given, elapsedMs, acked });
  expectPushes(played, { ends, broadcastAtMs });
  expectEnds({ ...played, settings: given.settings }, { ends, acked, journey: await journeyOf(played) });
  for (const { logger } of nodes) expect(logger.of('error'), 'errors in the log').toEqual([]);
  return explained.counts;
}

/** With the kind and the preferences of the case as changes, a simulation is what explain says once they are made. */
async function foretell(
  { world, app }: Stage,
  { kind, preferences, request }: Case,
): Promise<ReasonCounts | undefined> {
  const { simulator } = world.nodes[0].messaging;
  const changes = {
    kinds: [kind],
    preferences: new Map(preferences.map((each) => [each.userId, each.preferences])),
  };
  const { items } = await simulator.requests(app, [request], { changes, patternOf: (path) => path });
  return items[0]?.changed;
}

/** By the other node, as a node drops what it keeps at hand when another one says so. */
async function change({ world, app }: Stage, { kind, preferences }: Case): Promise<void> {
  const [{ messaging }, { engine }] = world.nodes;
  await messaging.kinds.put(app, kind);
  for (const each of preferences) {
    await engine.stores.preferences.put(app, { ...each, version: 1 });
    await engine.bus.control.publish({ type: 'preferences_changed', app, userId: each.userId });
  }
  await world.clock.advance(0);
}

/** With nothing changed, a simulation is what explain says, and so what the broadcast then does. */
async function simulateNothing(
  { world, app }: Stage,
  request: Case['request'],
  explained: ExplainResult | { refused: string },
): Promise<void> {
  const { simulator } = world.nodes[0].messaging;
  const { items } = await simulator.requests(app, [request], { changes: {}, patternOf: (path) => path });
  if ('refused' in explained) expect(items).toMatchObject([{ refused: { code: explained.refused } }]);
  else expect(items).toMatchObject([{ now: explained.counts, changed: explained.counts }]);
  await world.clock.advance(0);
  expect(world.posted(app), 'what providers got of a simulation').toEqual([]);
}

async function setUp({ world, app }: Omit<Stage, 'clients'>, given: Case): Promise<Client[]> {
  const { nodes } = world;
  const { conversations, kinds, broadcasting } = nodes[0].messaging;
  const { stores } = nodes[0].engine;
  await conversations.put(app, 'c1', { participants: given.members.map((userId) => ({ userId })) });
  for (const [index, device] of given.devices.entries())
    await stores.devices.register(app, sampleDevice({ ...device, targetHash: `device ${index}` }));
  const clients: Client[] = [];
  for (const connection of given.connections) clients.push(await connect({ world, app }, connection, given.settings));
  if (given.hasHistory) await sendBefore();
  await world.clock.advance(0);
  return clients;

  /** Into every log there is, without a push. */
  async function sendBefore(): Promise<void> {
    const quiet = { kind: 'before', action: 'before', audience: 'users', durable: 'conversation' } as const;
    await kinds.put(app, { ...quiet, policy: { push: 'never' } });
    for (const audience of [{ conversation: 'c1' }, { users: [...people] }])
      await broadcasting.broadcast(app, { kind: 'before', audience, data: {} }, { via: 'http-key' });
  }
}

async function connect(
  { world, app }: Omit<Stage, 'clients'>,
  connection: Connection,
  settings: PushSettings,
): Promise<Client> {
  const { nodes, clock } = world;
  const node = nodes[connection.node];
  const { userId, deviceType, visible, attended, isSlow, hearsNews } = connection;
  const { deliveredMeans } = settings;
  const { path, features, connectionType } = connection.page;
  const outlet = new FakeOutlet(behindBytes);
  const session = new Session({
    ...{ app, userId, visible, attended, deliveredMeans, outlet, node: node.name },
    device: { id: `d-${userId}`, type: deviceType },
    page: page(path, features, { connectionType }),
    connectedAtMs: clock.now(),
  });
  node.registry.add(session);
  await node.engine.presence.join(app, session.record());
  if (hearsNews) node.registry.subscribe(session, 'news');
  if (isSlow) {
    outlet.stall();
    outlet.send(encode({ action: 'fill', timestamp: '', data: { text: 'x'.repeat(behindBytes) } }));
  }
  return { connection, session, outlet, node };
}

function originOf({ bySocket, request }: Case, clients: readonly Client[]): Origin {
  const own = clients.find(({ connection }) => connection.node === 0 && connection.userId === request.sender);
  return bySocket && own !== undefined ? { via: 'socket', session: own.session } : { via: 'http-key' };
}

async function answerOf<T extends object>(ask: () => Promise<T>): Promise<T | { refused: string }> {
  try {
    return await ask();
  } catch (error) {
    if (isBelfryError(error)) return { refused: error.code };
    throw error;
  }
}

function countsOf(clients: readonly Client[]): number[] {
  return clients.map(({ outlet }) => outlet.events.length);
}

/** Connections got it where it was said that they would, once, and nowhere else. */
function expectReceipts({ explained, clients }: Played, before: readonly number[]): void {
  const said = new Map(
    explained.recipients.flatMap(({ realtime }) => realtime.map(({ connectionId, reason }) => [connectionId, reason])),
  );
  for (const [index, { session, outlet }] of clients.entries()) {
    const got = outlet.events.slice(before[index]).filter(({ action }) => action !== 'skipped').length;
    const reason = said.get(session.id);
    expect(got, `what ${session.userId} got, of whom was said: ${reason}`).toBe(reason === 'sent' ? 1 : 0);
  }
}

/** The journey begins with what was said. */
function expectPlan({ explained }: Played, journey: Journey): void {
  const begun = journey.recipients.map(({ realtime, push, ...rest }) => ({
    ...rest,
    // With what each was decided by.
    realtime: realtime.map(({ sentAt: _sentAt, ackedAt: _ackedAt, ...decision }) => decision),
    push: push.map(({ deviceId, provider, deviceType, steps }) => ({
      ...{ deviceId, provider, deviceType, reason: steps[0]?.reason },
    })),
  }));
  const said = explained.recipients.map(({ push, ...rest }) => ({
    ...rest,
    push: push.map(({ afterMs: _, ...device }) => device),
  }));
  expect(begun, 'the journey as it begins').toEqual(said);
}

/** False where it does not want to, got nothing, or what it got is in no log. */
function acknowledges({ connection, session, outlet, node }: Client, before: number): boolean {
  const [event] = outlet.events.slice(before).filter(({ action }) => action !== 'skipped');
  if (!connection.acks || event?.stream === undefined || event.seq === undefined) return false;
  node.messaging.acks.record(session, event.stream, event.seq);
  return true;
}

interface End extends PushEnd {
  userId: string;
  deviceId: string;
}

function endsOf(
  { explained }: Played,
  { given, elapsedMs, acked }: { given: Case; elapsedMs: number; acked: ReadonlySet<Client> },
): End[] {
  return explained.recipients.flatMap(({ userId, push }) => {
    const isHeld =
      !pushesAlways(given) &&
      [...acked].some(({ session, connection }) => session.userId === userId && holds(connection, given.settings));
    return push.map((device) => ({
      ...{ userId, deviceId: device.deviceId },
      ...endOfPush(userId, device, { isHeld, isAwaited: awaits(given), elapsedMs }),
    }));
  });
}

/** The stand-in was sent what was to be sent, once, and not too early. */
function expectPushes(
  { world, app }: Played,
  { ends, broadcastAtMs }: { ends: readonly End[]; broadcastAtMs: number },
): void {
  const owed = ends.flatMap(({ post }) => (post === undefined ? [] : [post]));
  const byDevice = (a: { deviceId: string }, b: { deviceId: string }): number => (a.deviceId < b.deviceId ? -1 : 1);
  const posts = world.posted(app);
  const posted = posts.map(({ userId, deviceId, provider }) => ({ userId, deviceId, provider }));
  const expected = owed.map(({ userId, deviceId, provider }) => ({ userId, deviceId, provider }));
  expect(posted.toSorted(byDevice), 'what the providers were sent').toEqual(expected.toSorted(byDevice));
  for (const { deviceId, notBeforeMs } of owed) {
    const at = posts.find((post) => post.deviceId === deviceId)?.atMs ?? 0;
    expect(at - broadcastAtMs, `when ${deviceId} was pushed`).toBeGreaterThanOrEqual(notBeforeMs);
  }
}

/** And the journey ends as it has to, where it began as was said. */
function expectEnds(
  { explained, settings }: Played & Pick<Case, 'settings'>,
  { ends, acked, journey }: { ends: readonly End[]; acked: ReadonlySet<Client>; journey: Journey },
): void {
  const pushes = journey.recipients.flatMap(({ userId, push }) =>
    push.map(({ deviceId, reason }) => ({ userId, deviceId, reason })),
  );
  expect(pushes, 'how the pushes ended').toEqual(
    ends.map(({ userId, deviceId, reason }) => ({ userId, deviceId, reason })),
  );
  const acks = new Map([...acked].map(({ session, connection }) => [session.id, connection]));
  const ended = journey.recipients.flatMap(({ realtime }) =>
    realtime.map(({ connectionId, reason }) => [connectionId, reason]),
  );
  const expected = explained.recipients.flatMap(({ realtime }) =>
    realtime.map(({ connectionId, reason }) => {
      const by = acks.get(connectionId);
      return [connectionId, by === undefined ? reason : endOfAck(by, settings)];
    }),
  );
  expect(ended, 'how the connections ended').toEqual(expected);
}

async function journeyOf({ result, app, world: { nodes } }: Played): Promise<Journey> {
  // Each node writes what it recorded when it is asked; the last has all.
  let journey: Journey | undefined;
  for (const { journeys } of [nodes[1], nodes[0]]) journey = await journeys.reader.read(app, result.id);
  if (journey === undefined) throw new Error('a broadcast has no journey');
  return journey;
}
