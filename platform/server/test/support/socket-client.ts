// A WebSocket client for scenarios: asks, and waits for events by what they are. Keeps everything that came,
// in order.

import { WebSocket } from 'ws';
import type { ApiClient } from './api-client.ts';

export interface Frame {
  id?: number;
  ok?: boolean;
  action?: string;
  stream?: string;
  seq?: number;
  conversationId?: string;
  data: Record<string, unknown>;
  error?: { code: string; message: string; path?: (string | number)[]; afterMs?: number };
}

/** A running server, whichever process it is in. */
export interface Reachable extends Pick<ApiClient, 'tokenOf'> {
  readonly url: string;
}

export interface ConnectOptions {
  userId?: string;
  token?: string;
  page?: string;
  deviceType?: 'mobile' | 'desktop' | 'tablet';
  deviceId?: string;
  visible?: boolean;
  /** Left out: as visible. */
  attended?: boolean;
  resume?: { stream: string; epoch: string; seq: number }[];
  /** Gets the changes since then of the messages that it has. */
  changedSince?: string;
  /** The connection that this one takes the place of. */
  replaces?: string;
}

export class SocketClient {
  readonly frames: Frame[] = [];
  /** Of the answer to `connect`. */
  connected: Record<string, unknown> = {};
  closeCode: number | undefined;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  #nextId = 1;

  constructor(url: string) {
    this.#socket = new WebSocket(url, 'belfry.v1');
    this.#socket.on('message', (data: Buffer) => {
      this.frames.push(JSON.parse(data.toString('utf8')) as Frame);
      this.#wake();
    });
    this.#socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
    this.#socket.on('error', () => undefined);
  }

  /** Opens a socket and connects; rejects when the server closes it instead. */
  static async connect(server: Reachable, options: ConnectOptions = {}): Promise<SocketClient> {
    const client = await SocketClient.open(server);
    const {
      userId,
      page = '/chat',
      deviceType = 'desktop',
      deviceId = `${deviceType}-1`,
      visible = true,
      attended,
      resume,
      changedSince,
      replaces,
    } = options;
    const token = options.token ?? (userId === undefined ? undefined : await server.tokenOf(userId));
    const answer = await client.ask('connect', {
      token,
      page,
      device: { id: deviceId, type: deviceType },
      visible,
      attended,
      resume,
      changedSince,
      replaces,
    });
    if (answer.ok !== true) throw new Error(`not connected: ${JSON.stringify(answer)}`);
    client.connected = answer.data;
    return client;
  }

  static async open({ url }: Pick<Reachable, 'url'>, app = 'demo'): Promise<SocketClient> {
    const client = new SocketClient(`${url.replace('http', 'ws')}/ws?app=${app}`);
    await new Promise<void>((resolve, reject) => {
      client.#socket.once('open', () => resolve());
      client.#socket.once('error', reject);
    });
    return client;
  }

  get id(): string {
    return String(this.connected['connectionId']);
  }

  send(action: string, data: Record<string, unknown> = {}, id?: number): void {
    this.#socket.send(JSON.stringify({ ...(id === undefined ? {} : { id }), action, data }));
  }

  async ask(action: string, data: Record<string, unknown> = {}): Promise<Frame> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.send(action, data, id);
    return await this.until((frames) => frames.find((frame) => frame.id === id && frame.ok !== undefined));
  }

  /** The first frame of this action that fits, now or later. */
  event(action: string, fits: (frame: Frame) => boolean = () => true): Promise<Frame> {
    return this.until((frames) => frames.find((frame) => frame.action === action && fits(frame)));
  }

  events(action: string): Frame[] {
    return this.frames.filter((frame) => frame.action === action);
  }

  ack(stream: string, seq: number, visible?: boolean): Promise<Frame> {
    return this.ask('ack', { cursors: [{ stream, seq }], ...(visible === undefined ? {} : { visible }) });
  }

  /** Everything that the server sent before it answered this has come. */
  async barrier(): Promise<void> {
    await this.ask('heartbeat');
  }

  async closed(): Promise<number> {
    return await this.until(() => this.closeCode);
  }

  /** Stops reading from the socket, so that the server's buffer for it fills. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.closed();
  }

  /** Gone as when the network fails: no close frame. Also for one that is paused, or closed already. */
  async end(): Promise<void> {
    if (this.closeCode !== undefined) return;
    this.#socket.terminate();
    await this.closed();
  }

  /**
   * Resolves when `look` finds something; rejects when the socket has closed and it never will. The test's
   * own time limit bounds it.
   */
  until<T>(look: (frames: readonly Frame[]) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look(this.frames);
        if (found === undefined && this.closeCode === undefined) return;
        this.#waiting.delete(check);
        if (found === undefined)
          reject(new Error(`closed with ${this.closeCode ?? 0}; got ${JSON.stringify(this.frames.slice(-5))}`));
        else resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}
