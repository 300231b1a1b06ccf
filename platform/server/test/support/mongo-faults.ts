// A proxy between the driver and a server of MongoDB's protocol, which loses a request or a reply, or answers an
// error of its own. Understands OP_MSG as far as it must; neither TLS nor compression.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { mongo } from 'mongoose';

const { BSON } = mongo;
const opMsg = 2013;

/**
 * What becomes of a command: lost with its connection, done without an answer, never answered on a connection that
 * stays, or answered with this instead.
 */
export type MongoFault = 'lose_request' | 'lose_reply' | 'hold' | Readonly<Record<string, unknown>>;

export interface MongoFaults {
  readonly url: string;
  /** The next `times` commands of this name. */
  next(command: string, fault: MongoFault, times?: number): void;
  /** How many were given what `next` said. */
  readonly fired: number;
  stop(): Promise<void>;
}

export async function startMongoFaults(to: string): Promise<MongoFaults> {
  const { hostname, port } = new URL(to);
  const rules: { command: string; fault: MongoFault; left: number }[] = [];
  const sockets = new Set<Socket>();
  let fired = 0;

  function faultOf(message: Buffer): MongoFault | undefined {
    const name = commandOf(message);
    const rule = rules.find(({ command, left }) => command === name && left > 0);
    if (rule === undefined) return undefined;
    rule.left -= 1;
    fired += 1;
    return rule.fault;
  }

  const server = createServer((client) => {
    const behind = connect(Number(port), hostname);
    /** Requests whose reply is lost. */
    const lost = new Set<number>();
    const end = (): void => {
      client.destroy();
      behind.destroy();
    };
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.once('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    eachMessage(client, (message) => {
      const fault = faultOf(message);
      if (fault === 'lose_request') {
        end();
        return;
      }
      if (fault === 'hold') return;
      if (fault === 'lose_reply') lost.add(message.readInt32LE(4));
      if (typeof fault === 'object') client.write(answerTo(message, fault));
      else behind.write(message);
    });
    eachMessage(behind, (message) => {
      if (lost.has(message.readInt32LE(8))) end();
      else client.write(message);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    next: (command, fault, times = 1) => void rules.push({ command, fault, left: times }),
    get fired() {
      return fired;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function eachMessage(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0);
      take(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  });
}

/** The name of a command is that of the first member of its body, which is the first section of kind 0. */
function commandOf(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== opMsg || message[20] !== 0) return undefined;
  const size = message.readInt32LE(21);
  const [name] = Object.keys(BSON.deserialize(message.subarray(21, 21 + size)));
  return name;
}

function answerTo(message: Buffer, body: Readonly<Record<string, unknown>>): Buffer {
  const bytes = BSON.serialize(body);
  const answer = Buffer.alloc(21 + bytes.length);
  answer.writeInt32LE(answer.length, 0);
  answer.writeInt32LE(message.readInt32LE(4), 8);
  answer.writeInt32LE(opMsg, 12);
  answer.set(bytes, 21);
  return answer;
}
