// The contender `ws, stored`: the naive rooms of `ws`, with the least that keeps a promise. Each message is
// on disk before anybody gets it (SQLite, `synchronous=FULL`, one commit for all that wait), numbered within
// its room, stored once however often it is sent, answered to its sender, and acknowledged by those who got
// it. No users, no tokens, no pages, no catching up: every server that stores pays for this much.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { WebSocketServer, type WebSocket } from 'ws';

type Frame =
  | { join: string[]; user: string }
  | { room: string; cid: string; data: unknown }
  /** The last seq that the user has acknowledged, by room. */
  | { ack: Record<string, number> };

interface Waiting {
  socket: WebSocket;
  user: string;
  room: string;
  cid: string;
  data: string;
}

const db = new DatabaseSync('stored.db');
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE messages (room TEXT NOT NULL, seq INTEGER NOT NULL, user TEXT NOT NULL, cid TEXT NOT NULL, data TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE UNIQUE INDEX messages_seq ON messages (room, seq);
  CREATE UNIQUE INDEX messages_cid ON messages (room, user, cid);
  CREATE TABLE cursors (room TEXT NOT NULL, user TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (room, user)) WITHOUT ROWID`);
const insert = db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
const advance = db.prepare(
  'INSERT INTO cursors VALUES (?, ?, ?) ON CONFLICT (room, user) DO UPDATE SET seq = max(seq, excluded.seq)',
);

const rooms = new Map<string, { sockets: Set<WebSocket>; seq: number }>();
let waiting: Waiting[] = [];
let acks: [room: string, user: string, seq: number][] = [];
let isScheduled = false;

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
      waiting.push({ socket, user, room: frame.room, cid: frame.cid, data: JSON.stringify(frame.data) });
      schedule();
    }
  });
  socket.on('close', () => {
    for (const sockets of joined) sockets.delete(socket);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

function roomOf(name: string): { sockets: Set<WebSocket>; seq: number } {
  const room = rooms.get(name) ?? { sockets: new Set(), seq: 0 };
  rooms.set(name, room);
  return room;
}

/** At the end of the turn, so that all messages of the turn share a commit. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(commit);
}

function commit(): void {
  isScheduled = false;
  const [messages, advances] = [waiting, acks];
  [waiting, acks] = [[], []];
  const at = Date.now();
  db.exec('BEGIN');
  const stored = messages.filter(({ room, user, cid, data }) => {
    const seq = roomOf(room).seq + 1;
    if (insert.run(room, seq, user, cid, data, at).changes === 0) return false;
    roomOf(room).seq = seq;
    return true;
  });
  for (const each of advances) advance.run(...each);
  db.exec('COMMIT');
  deliver(stored);
}

function deliver(stored: readonly Waiting[]): void {
  const counted = new Map<string, number>();
  for (const { room } of stored) counted.set(room, (counted.get(room) ?? 0) + 1);
  for (const { socket, room, cid, data } of stored) {
    const { sockets, seq: head } = roomOf(room);
    const left = counted.get(room) ?? 1;
    counted.set(room, left - 1);
    const seq = head - left + 1;
    const text = `{"event":"message","room":${JSON.stringify(room)},"seq":${seq},"data":${data}}`;
    for (const client of sockets) if (client !== socket && client.readyState === client.OPEN) client.send(text);
    socket.send(JSON.stringify({ stored: cid, seq }));
  }
}
