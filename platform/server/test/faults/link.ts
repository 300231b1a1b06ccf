// One WebSocket of a client: asks and is answered, hears events, is lost. Keeps nothing; the state of a
// client is participant.ts.

import { WebSocket } from 'ws';

export interface Answer {
  ok: boolean;
  data: Record<string, unknown>;
  error?: { code: string; retry: string; afterMs?: number };
}

export interface ServerEvent {
  action: string;
  stream?: string;
  epoch?: string;
  seq?: number;
  data: Record<string, unknown>;
}

/** The connection ended before the answer came: the command may have been carried out. */
export class LinkLost extends Error {}

/** A client that hears nothing for so long takes the connection for dead. */
const patienceMs = 20_000;

export class Link {
  /** Resolves when it is closed. */
  readonly closed: Promise<number>;
  onEvent: (event: ServerEvent) => void = () => undefined;
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<number>();
    this.closed = promise;
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString('utf8')) as Frame));
    socket.on('close', (code) => {
      for (const { reject } of this.#asked.values()) reject(new LinkLost());
      this.#asked.clear();
      resolve(code);
    });
  }

  /** Rejects when nobody listens, or the upgrade is refused. */
  static open(url: string, app: string): Promise<Link> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?app=${app}`, 'belfry.v1', { handshakeTimeout: 5000 });
    const link = new Link(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(link));
      socket.on('error', reject);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Rejects with LinkLost. */
  async ask(action: string, data: Record<string, unknown>): Promise<Answer> {
    if (!this.isOpen) throw new LinkLost();
    const id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#asked.set(id, { resolve, reject });
    const timer = setTimeout(() => this.end(), patienceMs);
    this.#socket.send(JSON.stringify({ id, action, data }));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  send(action: string, data: Record<string, unknown>): void {
    if (this.isOpen) this.#socket.send(JSON.stringify({ action, data }));
  }

  /** Reads nothing until `resume`. */
  pause(): void {
    if (this.isOpen) this.#socket.pause();
  }

  resume(): void {
    if (this.#socket.readyState === WebSocket.OPEN || this.#socket.readyState === WebSocket.CLOSING)
      this.#socket.resume();
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** As when the network fails. */
  end(): void {
    this.#socket.terminate();
  }

  #take(frame: Frame): void {
    if (frame.ok === undefined) {
      if (frame.action !== undefined) this.onEvent({ ...frame, action: frame.action, data: frame.data ?? {} });
      return;
    }
    const asked = this.#asked.get(frame.id ?? 0);
    this.#asked.delete(frame.id ?? 0);
    asked?.resolve({
      ok: frame.ok,
      data: frame.data ?? {},
      ...(frame.error === undefined ? {} : { error: frame.error }),
    });
  }
}

interface Frame extends Partial<ServerEvent> {
  id?: number;
  ok?: boolean;
  error?: NonNullable<Answer['error']>;
}
