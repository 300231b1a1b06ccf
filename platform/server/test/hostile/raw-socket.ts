// A TCP connection that sends what no client library would, and reads an HTTP answer from it. WebSocket
// frames: raw-web-socket.ts.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
}

export class RawSocket {
  readonly #socket: Socket;
  readonly #waiting = new Set<() => void>();
  #received = Buffer.alloc(0);
  #isEnded = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isEnded = true;
      this.#wake();
    });
  }

  /** `url`: of the server; only its host and port count. */
  static async open(url: string): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new RawSocket(socket);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The bytes that came and have not been taken. */
  get received(): Buffer {
    return this.#received;
  }

  take(bytes: number): Buffer {
    const taken = this.#received.subarray(0, bytes);
    this.#received = this.#received.subarray(bytes);
    return taken;
  }

  write(data: string | Uint8Array): void {
    if (!this.#isEnded && this.#socket.writable) this.#socket.write(data);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /**
   * Resolves when `look` finds something; undefined when the connection ends before. The test's own time
   * limit bounds the wait.
   */
  until<T>(look: () => T | undefined): Promise<T | undefined> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = look();
        if (found === undefined && !this.#isEnded) return;
        this.#waiting.delete(check);
        resolve(found);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /**
   * The head of an answer, its status line included; what follows stays to be taken. Undefined when none
   * came.
   */
  async head(): Promise<Omit<RawAnswer, 'text'> | undefined> {
    const length = await this.until(() => {
      const at = this.#received.indexOf('\r\n\r\n');
      return at === -1 ? undefined : at + 4;
    });
    if (length === undefined) return undefined;
    const [statusLine = '', ...lines] = this.take(length).toString('latin1').trimEnd().split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
    );
    return { status: Number(statusLine.split(' ')[1]), headers };
  }

  /** A whole answer; undefined when the connection ended without one. */
  async answer(): Promise<RawAnswer | undefined> {
    const head = await this.head();
    if (head === undefined) return undefined;
    const length = Number(head.headers['content-length'] ?? 0);
    await this.until(() => (this.#received.length >= length ? true : undefined));
    return { ...head, text: this.take(length).toString('utf8') };
  }

  /** Gone at once; resolves when it is. */
  async destroy(): Promise<void> {
    this.#socket.destroy();
    await this.until(() => undefined);
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}
