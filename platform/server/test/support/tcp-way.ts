// The way of one process to a server, over a proxy of its own that a test makes slow, cuts, freezes or opens in one
// direction alone. It counts what it kept back, so that a test can say that its fault happened.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * `cut`: connections end, and new ones are refused. `frozen`: nothing passes, and no end notices. `half_open`: what
 * the client sends arrives, and no answer comes back.
 */
export type WayState = 'open' | 'cut' | 'frozen' | 'half_open';

/** Of one connection: what is to be handed on of bytes that came from the server. */
export type Filter = (chunk: Buffer) => Buffer;

interface Pair {
  client: Socket;
  behind: Socket;
  filter: Filter | undefined;
}

export class TcpWay {
  /** Where the next connections lead to. */
  target: number;
  /** Of connections that are made from here on. */
  createFilter: (() => Filter) | undefined;
  /** Every chunk waits so long, in either direction. */
  delayMs = 0;
  /** Connections that were ended or refused because it was cut. */
  cutConnections = 0;
  /** Handed on, in either direction. */
  bytes = 0;
  /** Of those, what the client sent. */
  bytesSent = 0;
  /** Bytes of answers that were lost because it was half open. */
  lostBytes = 0;
  /** Chunks that waited. */
  delayedChunks = 0;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Both ends of all pairs, and what is left of pairs of which one end has gone. */
  readonly #sockets = new Set<Socket>();
  /** Chunks that wait, by where they go. */
  readonly #waiting = new WeakMap<Socket, Buffer[]>();
  #state: WayState = 'open';

  private constructor(target: number) {
    this.target = target;
    this.#server = createServer((client) => this.#take(client));
  }

  static async open(target: number): Promise<TcpWay> {
    const way = new TcpWay(target);
    way.#server.listen(0, '127.0.0.1');
    await once(way.#server, 'listening');
    return way;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get size(): number {
    return this.#pairs.size;
  }

  become(state: WayState): void {
    this.#state = state;
    if (state === 'cut') {
      this.cutConnections += this.endAll();
      return;
    }
    for (const { client, behind } of this.#pairs) this.#pauseOrResume(client, behind);
  }

  /** Ends the connections of now, as a balancer does that is started anew. How many that were. */
  endAll(): number {
    const { size } = this.#pairs;
    for (const { client, behind } of this.#pairs) {
      client.destroy();
      behind.destroy();
    }
    return size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #take(client: Socket): void {
    client.on('error', () => undefined);
    if (this.#state === 'cut') {
      this.cutConnections += 1;
      client.destroy();
      return;
    }
    const behind = connect(this.target, '127.0.0.1');
    const pair = { client, behind, filter: this.createFilter?.() };
    this.#pairs.add(pair);
    for (const [socket, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#pairs.delete(pair);
        this.#sockets.delete(socket);
        // What was written to it before still arrives.
        other.end();
      });
    }
    client.on('data', (chunk: Buffer) => {
      this.bytesSent += chunk.length;
      this.#pass(chunk, { from: client, to: behind });
    });
    behind.on('data', (chunk: Buffer) => {
      if (this.#state === 'half_open') this.lostBytes += chunk.length;
      else this.#pass(pair.filter === undefined ? chunk : pair.filter(chunk), { from: behind, to: client });
    });
    this.#pauseOrResume(client, behind);
  }

  /** As a proxy that keeps little: whoever does not read is not written to. */
  #pass(chunk: Buffer, { from, to }: { from: Socket; to: Socket }): void {
    if (chunk.length === 0) return;
    this.bytes += chunk.length;
    const waiting = this.#waiting.get(to) ?? [];
    if (this.delayMs > 0 || waiting.length > 0) {
      this.delayedChunks += 1;
      this.#waiting.set(to, waiting);
      waiting.push(chunk);
      // Whichever timer is first, the oldest goes first: also when the way becomes faster.
      setTimeout(() => {
        const oldest = waiting.shift();
        if (oldest !== undefined && !to.destroyed) to.write(oldest);
      }, this.delayMs);
      return;
    }
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => {
      if (this.#state !== 'frozen') from.resume();
    });
  }

  #pauseOrResume(client: Socket, behind: Socket): void {
    for (const socket of [client, behind]) {
      if (this.#state === 'frozen') socket.pause();
      else socket.resume();
    }
  }
}
