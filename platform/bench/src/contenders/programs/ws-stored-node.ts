// One node of the contender `ws, stored` of a cluster: the least that keeps a promise over several processes. Each
// message is in MongoDB before anybody gets it (majority and journal, one write for all that wait), numbered within
// its room, stored once however often it is sent, published to the other nodes over Redis, answered to its sender,
// and acknowledged by those who got it. No users, no tokens, no pages, no catching up, no presence: every cluster
// that stores pays for this much. Its arguments are the addresses of Redis and of MongoDB.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { mongo } from 'mongoose';
import { WebSocketServer, type WebSocket } from 'ws';

type Frame =
  | { join: string[]; user: string }
  | { room: string; cid: string; data: unknown }
  /** The last seq that the user has acknowledged, by room. */
  | { ack: Record<string, number> };

interface Message {
  room: string;
  seq: number;
  user: string;
  cid: string;
  data: string;
  at: number;
}

interface Waiting {
  socket: WebSocket;
  message: Message;
}

interface Room {
  sockets: Set<WebSocket>;
  /** Of the newest message that this node knows; undefined until it was looked up. */
  head: number | undefined;
}

const [, , redisUrl = '', mongodbUrl = ''] = process.argv;
const channel = 'messages';
const publisher = new Redis(redisUrl);
const subscriber = publisher.duplicate();
const client = await mongo.MongoClient.connect(mongodbUrl, { writeConcern: { w: 'majority', journal: true } });
const messages = client.db().collection<Message>('messages');
const cursors = client.db().collection<{ room: string; user: string; seq: number }>('cursors');
await messages.createIndex({ room: 1, seq: 1 }, { unique: true }, {});
await messages.createIndex({ room: 1, user: 1, cid: 1 }, { unique: true }, {});
await cursors.createIndex({ room: 1, user: 1 }, { unique: true }, {});

const rooms = new Map<string, Room>();
let waiting: Waiting[] = [];
let acks: [room: string, user: string, seq: number][] = [];
let isWriting = false;

const server = createServer();
const wss = new WebSocketServer({ server, perMessageDeflate: false });

wss.on('connection', (socket) => {
  let user = '';
  const joined: Set<WebSocket>[] = [];
  socket.on('message', (bytes: Buffer) => {
    const frame = JSON.parse(bytes.toString('utf8')) as Frame;
    if ('join' in frame) {
      user = frame.user;
      for (const name of frame.join) joined.push(roomOf(name).sockets.add(socket));
      socket.send(JSON.stringify({ joined: frame.join.length }));
    } else if ('ack' in frame) {
      for (const [room, seq] of Object.entries(frame.ack)) acks.push([room, user, seq]);
      schedule();
    } else {
      const { room, cid } = frame;
      const data = JSON.stringify(frame.data);
      waiting.push({ socket, message: { room, seq: 0, user, cid, data, at: Date.now() } });
      schedule();
    }
  });
  socket.on('close', () => {
    for (const sockets of joined) sockets.delete(socket);
  });
});

subscriber.on('message', (_channel, text) => {
  const [node, stored] = JSON.parse(text) as [number, Message[]];
  if (node === process.pid) return;
  for (const message of stored) {
    const room = rooms.get(message.room);
    if (room === undefined) continue;
    if (room.head !== undefined) room.head = Math.max(room.head, message.seq);
    deliver(room, message);
  }
});
await subscriber.subscribe(channel);

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

function roomOf(name: string): Room {
  const room = rooms.get(name) ?? { sockets: new Set(), head: undefined };
  rooms.set(name, room);
  return room;
}

/** At the end of the turn, or of the write that is under way, so that all that came share a write. */
function schedule(): void {
  if (isWriting) return;
  isWriting = true;
  setImmediate(() => void write());
}

async function write(): Promise<void> {
  while (waiting.length > 0 || acks.length > 0) {
    const [taken, advances] = [waiting, acks];
    [waiting, acks] = [[], []];
    await Promise.all([store(taken), advance(advances)]);
  }
  isWriting = false;
}

async function store(taken: readonly Waiting[]): Promise<void> {
  if (taken.length === 0) return;
  await learnHeads(new Set(taken.map(({ message }) => message.room)));
  for (const { message } of taken) {
    const room = roomOf(message.room);
    room.head = (room.head ?? 0) + 1;
    message.seq = room.head;
  }
  const refused = await insert(taken.map(({ message }) => message));
  const stored = taken.filter((_, at) => !refused.has(at));
  // Another node was faster: numbered anew.
  for (const at of refused) {
    const again = taken[at];
    if (again === undefined) continue;
    roomOf(again.message.room).head = undefined;
    waiting.push(again);
  }
  const all = stored.map(({ message: { room, seq, cid, user, data, at } }) => ({ room, seq, cid, user, data, at }));
  if (all.length > 0) void publisher.publish(channel, JSON.stringify([process.pid, all]));
  for (const { socket, message } of stored) {
    deliver(roomOf(message.room), message, socket);
    socket.send(JSON.stringify({ stored: message.cid, seq: message.seq }));
  }
}

/** The places of those whose number was taken. */
async function insert(documents: readonly Message[]): Promise<ReadonlySet<number>> {
  try {
    await messages.insertMany([...documents], { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError) || error.code !== 11_000) throw error;
    return new Set([error.writeErrors].flat().map(({ index }) => index));
  }
}

async function learnHeads(names: ReadonlySet<string>): Promise<void> {
  const unknown = [...names].filter((name) => roomOf(name).head === undefined);
  await Promise.all(
    unknown.map(async (name) => {
      const newest = await messages.findOne({ room: name }, { sort: { seq: -1 }, projection: { seq: 1 } });
      roomOf(name).head = newest?.seq ?? 0;
    }),
  );
}

async function advance(advances: readonly [string, string, number][]): Promise<void> {
  if (advances.length === 0) return;
  const operations = advances.map(([room, user, seq]) => ({
    updateOne: { filter: { room, user }, update: { $max: { seq } }, upsert: true },
  }));
  await cursors.bulkWrite(operations, { ordered: false });
}

function deliver(room: Room, { room: name, seq, data }: Message, except?: WebSocket): void {
  const text = `{"event":"message","room":${JSON.stringify(name)},"seq":${seq},"data":${data}}`;
  for (const socket of room.sockets) if (socket !== except && socket.readyState === socket.OPEN) socket.send(text);
}
