// A contender with its clients, ready for rounds: its server, one or more generators that share the clients,
// and their counts together.
import type { Bench } from '../bench.ts';
import type { ContenderName, RunningServer } from '../contenders/contender.ts';
import type { Generator } from '../load/generator.ts';
import type { ClientSpec, Counts, Latencies, Sender, SendOrder } from '../load/orders.ts';
import { startEngines, type Engines } from '../contenders/engines.ts';
import { makeConversations, type Room } from '../preparation.ts';
import { tokenOf } from '../setting.ts';

interface PlannedClient extends Omit<ClientSpec, 'token' | 'epoch' | 'port'> {
  /** The place of its node, of many; in turns when left out. */
  node?: number;
}

export interface PartyPlan {
  clients: readonly PlannedClient[];
  /** Made on Belfry before anybody connects. */
  rooms: readonly Room[];
  /** So many clients in a row stay in one generator. 1 when left out. */
  togetherBy?: number;
  sampleEvery?: number;
  /** Where one contender takes part more than once. */
  label?: string;
  /** A folder with a data file that was made before. */
  folder?: string;
  /** Takes part as so many nodes over engines of its own; its clients are dealt out among them. */
  nodes?: number;
  /** For Node itself, beside those of every run. */
  nodeFlags?: readonly string[];
}

export interface SendPlan {
  /** By their place in the plan. */
  senders: readonly Sender[];
  /** The receivers of a message: so many in the sender's room, all but the sender, or all. */
  to: { room: number } | 'others' | 'everyone';
  rate: SendOrder['rate'];
  announceTo?: string;
  /** Instead of messages, pages of the senders' rooms are read, which hold so many. */
  historyOf?: number;
}

export interface Party {
  readonly name: ContenderName;
  /** Its name, unless the plan gave another. */
  readonly label: string;
  /** The first of its nodes. */
  readonly server: RunningServer;
  readonly nodes: readonly RunningServer[];
  /** Undefined of one server by itself. */
  readonly engines: Engines | undefined;
  readonly generators: readonly Generator[];
  send(plan: SendPlan): Promise<void>;
  /** Stops sending; resolves when everything has arrived, or nothing more does. */
  drain(): Promise<Counts>;
  /** All generators' together. */
  counts(): Promise<Counts>;
  latencies(): Promise<Latencies>;
}

/** Handshakes at once: fewer than a server's backlog, enough to keep it busy. */
const atOnce = 200;
/** To several nodes that share the cores of this machine: above it they refuse who comes. */
const atOnceToNodes = 20;
const drainPatienceMs = 60_000;

export async function openParty(bench: Bench, name: ContenderName, plan: PartyPlan): Promise<Party> {
  const { server, nodes, engines } = await startNodes(bench, name, plan);
  const label = plan.label ?? name;
  const epoch = name === 'belfry' && plan.rooms.length > 0 ? await makeConversations(server, plan.rooms) : undefined;
  const clients = plan.clients.map((client, index): ClientSpec => ({
    ...client,
    port: nodes[(client.node ?? index) % nodes.length]?.port ?? server.port,
    ...(name === 'belfry' ? { token: tokenOf(client.userId) } : {}),
    ...(epoch === undefined ? {} : { epoch }),
  }));
  const shares = shareOut(clients, { among: bench.options.generators, togetherBy: plan.togetherBy ?? 1 });
  const generators = shares.map(() => bench.generator());
  for (const [index, generator] of generators.entries()) {
    const opened = await generator.ask({
      ...{ type: 'open', contender: name, port: server.port, sampleEvery: plan.sampleEvery ?? 0 },
      atOnce: plan.nodes === undefined ? atOnce : atOnceToNodes,
      clients: shares[index]?.clients ?? [],
    });
    if (opened.failed > 0) throw new Error(`${name}: ${opened.failed} clients were not let in: ${opened.problem}`);
  }
  bench.say(`${label}: ${clients.length} clients connected`);
  /** Deliveries that the messages of each generator since the last drain bring to each of the others. */
  let brings: readonly number[] = [];
  let sentBefore: readonly number[] = generators.map(() => 0);

  return {
    ...{ name, label, server, nodes, engines, generators },
    async send({ senders, to, rate, announceTo, historyOf }) {
      brings = to === 'others' || to === 'everyone' ? shares.map((share) => share.clients.length) : [];
      for (const [index, generator] of generators.entries()) {
        const share = shares[index];
        if (share === undefined) continue;
        const own = senders
          .filter(({ client }) => client >= share.first && client < share.first + share.clients.length)
          .map(({ client, room }) => ({ client: client - share.first, room }));
        if (own.length === 0) continue;
        const receivers =
          to === 'everyone' ? share.clients.length : to === 'others' ? share.clients.length - 1 : to.room;
        await generator.ask({
          ...{ type: 'send', senders: own, receivers, rate: part(rate, own.length / senders.length) },
          ...(announceTo === undefined ? {} : { announceTo }),
          ...(historyOf === undefined ? {} : { historyOf }),
        });
      }
    },
    async drain() {
      const stopped: Counts[] = [];
      for (const [index, generator] of generators.entries()) {
        // Later generators learn how much the earlier ones have sent. Senders of one room are all in the
        // first.
        const sent = stopped.reduce((sum, counts, other) => sum + counts.sent - (sentBefore[other] ?? 0), 0);
        const brought = sent * (brings[index] ?? 0);
        stopped.push(await generator.ask({ type: 'drain', patienceMs: drainPatienceMs, brought }));
      }
      sentBefore = stopped.map(({ sent }) => sent);
      return together(stopped);
    },
    counts: async () => together(await Promise.all(generators.map((each) => each.ask({ type: 'counts' })))),
    latencies: async () => worst(await Promise.all(generators.map((each) => each.ask({ type: 'latencies' })))),
  };
}

async function startNodes(
  bench: Bench,
  name: ContenderName,
  plan: PartyPlan,
): Promise<Pick<Party, 'server' | 'nodes' | 'engines'>> {
  if (plan.nodes === undefined) {
    const server = await bench.start(name, plan);
    return { server, nodes: [server], engines: undefined };
  }
  const engines = await startEngines(bench, { stores: name !== 'socket.io' });
  const nodes: RunningServer[] = [];
  // One after the other: the first makes what the others find.
  for (let node = 0; node < plan.nodes; node += 1) {
    nodes.push(await bench.start(name, { engines: engines.urls, nodeFlags: plan.nodeFlags ?? [] }));
  }
  const [server] = nodes;
  if (server === undefined) throw new Error(`${name} has no node`);
  return { server, nodes, engines };
}

interface Share {
  first: number;
  clients: readonly ClientSpec[];
}

function shareOut(clients: readonly ClientSpec[], how: { among: number; togetherBy: number }): Share[] {
  const each = Math.ceil(clients.length / how.among / how.togetherBy) * how.togetherBy;
  const starts = Array.from({ length: Math.ceil(clients.length / each) }, (_, index) => index * each);
  return starts.map((first) => ({ first, clients: clients.slice(first, first + each) }));
}

function part(rate: SendOrder['rate'], share: number): SendOrder['rate'] {
  return 'window' in rate
    ? { window: Math.max(1, Math.round(rate.window * share)) }
    : { perSecond: rate.perSecond * share };
}

function together(counts: readonly Counts[]): Counts {
  const sum = (read: (one: Counts) => number): number => counts.reduce((all, one) => all + read(one), 0);
  return {
    sent: sum((one) => one.sent),
    expected: sum((one) => one.expected),
    delivered: sum((one) => one.delivered),
    answered: sum((one) => one.answered),
    refused: sum((one) => one.refused),
    heartbeats: sum((one) => one.heartbeats),
    acks: sum((one) => one.acks),
    receivedBytes: sum((one) => one.receivedBytes),
    lost: sum((one) => one.lost),
    cpuMicros: sum((one) => one.cpuMicros),
  };
}

/** Percentiles of several generators cannot be merged; those of the slowest are reported. */
function worst(latencies: readonly Latencies[]): Latencies {
  return latencies.reduce((one, other) => (other.p99Ms > one.p99Ms ? other : one));
}
