// The same work for an installation that has grown: a thousand times the participants, the conversations, the
// stored messages. Each should cost about the same.
import type { Bench } from '../bench.ts';
import { dataDirOf } from '../contenders/belfry.ts';
import { ratios, runRounds, type Round } from '../measure/load-rounds.ts';
import { openParty, type Party, type SendPlan } from '../measure/party.ts';
import { median } from '../measure/statistics.ts';
import type { Room } from '../preparation.ts';
import type { Figure, Reach, Result, Scenario } from '../scenario.ts';
import { openStore } from './store.ts';

/** Bounds of what is on its way: deliveries of a large conversation, messages of many small ones. */
const deliveriesOnTheWay = 50_000;
const messagesOnTheWay = 64;
/**
 * As many as there are few: two of one conversation would be stored as one group, which many conversations
 * never have.
 */
const fewConversations = 10;
/** Messages that are stored as one group when the file is filled. */
const fillBy = 1000;
const streams = 100;

export const growth: Scenario = {
  name: 'growth',
  about:
    'Belfry small and grown, side by side: one conversation of 10 or of 10,000, all connected; 10 or 10,000 conversations of two between the same 20 people; 10,000 or 1,000,000 messages stored in 100 conversations. What a delivery, an append and a page of history cost, grown to small.',
  async run(bench) {
    const parts = [await participants(bench), await conversations(bench), ...(await storedMessages(bench))];
    return {
      figures: parts.flatMap(({ figures }) => figures),
      reaches: parts.flatMap(({ reaches }) => reaches),
    };
  },
};

async function participants(bench: Bench): Promise<Result> {
  const sizes = { small: 10, grown: bench.size(10_000, 40) };
  const parties = await bothOf(sizes, async (size, label) => {
    const users = Array.from({ length: size }, (_, index) => `u${index}`);
    const rooms = [{ id: 'c1', users }];
    return await openParty(bench, 'belfry', {
      label,
      clients: users.map((userId) => ({ userId, rooms: ['c1'] })),
      rooms,
    });
  });
  return await compare(bench, parties, {
    what: (label) => `CPU per delivery, ${label} participants`,
    sendTo: ({ size }) => ({
      ...{ senders: [{ client: 0, room: 'c1' }], to: 'others' },
      rate: { window: Math.max(2, Math.min(100, Math.floor(deliveriesOnTheWay / size))) },
    }),
    read: ({ cpuMicros }) => cpuMicros,
  });
}

async function conversations(bench: Bench): Promise<Result> {
  const people = 10;
  const parties = await bothOf({ small: fewConversations, grown: bench.size(10_000, 40) }, async (size, label) => {
    const rooms = Array.from({ length: size }, (_, room) => ({
      id: `c${room}`,
      users: [`sender${room % people}`, `reader${room % people}`],
    }));
    const users = [...peopleCalled('sender', people), ...peopleCalled('reader', people)];
    const clients = users.map((userId) => ({
      userId,
      rooms: rooms.filter((room) => room.users.includes(userId)).map(({ id }) => id),
    }));
    const folder = bench.folder();
    await fill(dataDirOf(folder), rooms, 0);
    bench.say(`${label} conversations`);
    return await openParty(bench, 'belfry', { label, clients, rooms: [], folder });
  });
  return await compare(bench, parties, {
    what: (label) => `CPU per delivery, ${label} conversations`,
    sendTo: ({ size }) => ({
      senders: Array.from({ length: size }, (_, room) => ({ client: room % people, room: `c${room}` })),
      ...{ to: { room: 1 }, rate: { window: fewConversations } },
    }),
    read: ({ cpuMicros }) => cpuMicros,
  });
}

async function storedMessages(bench: Bench): Promise<Result[]> {
  const sizes = { small: bench.size(10_000, streams * 60), grown: bench.size(1_000_000, streams * 120) };
  const parties = await bothOf(sizes, async (size, label) => {
    const folder = bench.folder();
    const rooms = Array.from({ length: streams }, (_, room) => `c${room}`);
    const conversationsOf = rooms.map((id) => ({ id, users: [`sender-${id}`, `reader-${id}`] }));
    await fill(dataDirOf(folder), conversationsOf, size / streams);
    bench.say(`${label} messages stored`);
    const clients = [
      ...rooms.map((room) => ({ userId: `sender-${room}`, rooms: [room] })),
      ...rooms.map((room) => ({ userId: `reader-${room}`, rooms: [room] })),
    ];
    return await openParty(bench, 'belfry', { label, clients, rooms: [], folder });
  });
  const senders = Array.from({ length: streams }, (_, room) => ({ client: room, room: `c${room}` }));
  const rate = { window: messagesOnTheWay };
  return [
    await compare(bench, parties, {
      what: (label) => `CPU per append, ${label} stored`,
      sendTo: () => ({ senders, to: { room: 1 }, rate }),
      read: ({ cpuMicrosAMessage }) => cpuMicrosAMessage,
    }),
    await compare(bench, parties, {
      what: (label) => `CPU per page of history, ${label} stored`,
      sendTo: ({ size }) => ({ senders, to: { room: 1 }, rate, historyOf: size / streams }),
      read: ({ cpuMicrosAMessage }) => cpuMicrosAMessage,
    }),
  ];
}

/** Fills the data file as a year of use would have. So many messages into each conversation. */
async function fill(dataDir: string, rooms: readonly Room[], messagesEach: number): Promise<void> {
  const store = await openStore(dataDir, 'NORMAL');
  try {
    await Promise.all(rooms.map(({ id, users }) => store.createConversation(id, users)));
    for (const { id } of rooms) {
      for (let done = 0; done < messagesEach; done += fillBy) {
        await store.append(`c:${id}`, Math.min(fillBy, messagesEach - done));
      }
    }
  } finally {
    await store.close();
  }
}

interface Sized {
  size: number;
  party: Party;
}

interface Both {
  small: Sized;
  grown: Sized;
}

async function bothOf(
  sizes: { small: number; grown: number },
  open: (size: number, label: string) => Promise<Party>,
): Promise<Both> {
  const openOne = async (size: number): Promise<Sized> => ({
    size,
    party: await open(size, size.toLocaleString('en-US')),
  });
  return { small: await openOne(sizes.small), grown: await openOne(sizes.grown) };
}

interface Comparison {
  what: (label: string) => string;
  sendTo: (sized: Sized) => SendPlan;
  read: (round: Round) => number;
}

async function compare(bench: Bench, { small, grown }: Both, { what, sendTo, read }: Comparison): Promise<Result> {
  const results = await runRounds(bench, [small.party, grown.party], {
    seconds: bench.size(2.5, 0.2),
    sendBy: (party) => sendTo(party === small.party ? small : grown),
  });
  const of = grown.party.label;
  const to = small.party.label;
  const grew = ratios(results, { of, to, read });
  const figures: Figure[] = [
    ...[to, of].map((label) => ({
      of: 'belfry',
      what: what(label),
      unit: 'µs',
      values: (results.get(label) ?? []).map(read),
    })),
    { of: 'grown / small', what: what(`${of} to ${to}`), unit: 'ratio', values: grew },
  ];
  const reach: Reach = { what: what(`${of} to ${to}`), value: median(grew), bound: { most: 1.5 }, unit: 'ratio' };
  return { figures, reaches: [reach] };
}

function peopleCalled(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}
