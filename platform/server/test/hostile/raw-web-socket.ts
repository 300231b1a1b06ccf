// A WebSocket client made by hand: any header in the upgrade, any bits in a frame. Beside that it speaks the
// protocol, as far as rows need it.

import { randomBytes } from 'node:crypto';
import { RawSocket, type RawAnswer } from './raw-socket.ts';

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameParts {
  opcode?: number;
  payload?: string | Uint8Array;
  isFinal?: boolean;
  isMasked?: boolean;
  /** The three reserved bits, RSV1 being 4. */
  reserved?: number;
  /** The length that the frame claims, where that is not the payload's. Always written in 64 bits. */
  declaredBytes?: bigint;
}

/** The bytes of a frame, right or wrong. */
export function frameOf(parts: FrameParts = {}): Buffer {
  const { opcode = opcodes.text, isFinal = true, isMasked = true, reserved = 0, declaredBytes } = parts;
  const payload = Buffer.from(parts.payload ?? '');
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = isMasked ? 0x80 : 0;
  const key = isMasked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0);
  const body = isMasked ? payload.map((byte, index) => byte ^ (key[index % 4] ?? 0)) : payload;
  return Buffer.concat([Buffer.from([first]), lengthOf(declaredBytes ?? payload.length, mask), key, body]);
}

function lengthOf(length: number | bigint, mask: number): Buffer {
  if (typeof length === 'number' && length < 126) return Buffer.from([mask | length]);
  if (typeof length === 'number' && length < 65_536) {
    const bytes = Buffer.from([mask | 126, 0, 0]);
    bytes.writeUInt16BE(length, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9);
  bytes[0] = mask | 127;
  bytes.writeBigUInt64BE(BigInt(length), 1);
  return bytes;
}

export interface UpgradeParts {
  method?: string;
  target?: string;
  /** Beside those of a right upgrade; undefined leaves one of those out. */
  headers?: Record<string, string | undefined>;
}

/** The text of an upgrade request, right unless the parts say otherwise. */
export function upgradeOf({ method = 'GET', target = '/ws?app=demo', headers = {} }: UpgradeParts = {}): string {
  const all: Record<string, string | undefined> = {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
    'sec-websocket-protocol': 'belfry.v1',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** The answer to an upgrade that is refused, once its connection is closed; throws for one that is not. */
export async function refusedUpgrade(url: string, parts: UpgradeParts): Promise<RawAnswer> {
  const socket = await RawSocket.open(url);
  socket.write(upgradeOf(parts));
  const answer = await socket.answer();
  await socket.destroy();
  if (answer === undefined) throw new Error('closed without an answer');
  if (answer.status === 101) throw new Error('was upgraded');
  return answer;
}

export interface RawFrame {
  id?: number;
  ok?: boolean;
  action?: string;
  stream?: string;
  seq?: number;
  data: Record<string, unknown>;
  error?: { code: string; message: string; retry: string; path?: (string | number)[]; afterMs?: number };
}

export interface Introduction {
  token?: string | undefined;
  page?: string;
  deviceType?: string;
  resume?: unknown;
  more?: Record<string, unknown>;
}

export class RawWebSocket {
  readonly socket: RawSocket;
  /** Every text frame that came, parsed, less those that were dropped. */
  readonly frames: RawFrame[] = [];
  #closeCode: number | undefined;
  #nextId = 1;

  private constructor(socket: RawSocket) {
    this.socket = socket;
  }

  /** Upgraded, and nothing sent yet. */
  static async open(url: string, parts: UpgradeParts = {}): Promise<RawWebSocket> {
    const socket = await RawSocket.open(url);
    socket.write(upgradeOf(parts));
    const head = await socket.head();
    if (head?.status !== 101) {
      await socket.destroy();
      throw new Error(`not upgraded: ${head?.status ?? 'no answer'}`);
    }
    return new RawWebSocket(socket);
  }

  /** Upgraded and connected. */
  static async connected(url: string, introduction: Introduction, parts: UpgradeParts = {}): Promise<RawWebSocket> {
    const client = await RawWebSocket.open(url, parts);
    const answer = await client.introduce(introduction);
    if (answer.ok !== true) throw new Error(`not connected: ${JSON.stringify(answer)}`);
    return client;
  }

  frame(parts: FrameParts): void {
    this.socket.write(frameOf(parts));
  }

  text(payload: string): void {
    this.frame({ payload });
  }

  send(action: string, data: unknown = {}, id?: number): void {
    this.text(JSON.stringify({ ...(id === undefined ? {} : { id }), action, data }));
  }

  introduce({ token, page = '/chat', deviceType = 'desktop', resume, more }: Introduction): Promise<RawFrame> {
    const device = { id: `raw-${deviceType}`, type: deviceType };
    return this.ask('connect', { token, page, device, visible: true, resume, ...more });
  }

  async ask(action: string, data: unknown = {}): Promise<RawFrame> {
    const id = this.#nextId;
    this.#nextId += 1;
    this.send(action, data, id);
    return await this.until((frame) => frame.id === id && frame.ok !== undefined);
  }

  /** The code of the error that answers it; `ok` where there is none. */
  async codeOf(action: string, data: unknown = {}): Promise<string> {
    const { error } = await this.ask(action, data);
    return error?.code ?? 'ok';
  }

  /**
   * The first frame that fits and came after the first `after` ones. Throws when the connection ends before.
   */
  async until(fits: (frame: RawFrame) => boolean, after = 0): Promise<RawFrame> {
    const found = await this.socket.until(() => {
      this.#read();
      return this.frames.slice(after).find(fits);
    });
    if (found !== undefined) return found;
    throw new Error(`closed with ${this.#closeCode ?? 'nothing'}; got ${JSON.stringify(this.frames.slice(-3))}`);
  }

  /**
   * Drops the frames that fit, but for the answer to the latest question, for which somebody may still wait.
   */
  forget(fits: (frame: RawFrame) => boolean): void {
    const kept = this.frames.filter((frame) => frame.id === this.#nextId - 1 || !fits(frame));
    this.frames.splice(0, Infinity, ...kept);
  }

  /** Of the close frame, 1005 when that names none, 1006 when none came. Answers it and hangs up. */
  async closed(): Promise<number> {
    await this.socket.until(() => {
      this.#read();
      return this.#closeCode;
    });
    await this.end();
    return this.#closeCode ?? 1006;
  }

  /** Ends the connection without a close frame. */
  async end(): Promise<void> {
    await this.socket.destroy();
  }

  #read(): void {
    for (;;) {
      const { received } = this.socket;
      const [first, second] = received;
      if (first === undefined || second === undefined) return;
      const short = second & 0x7f;
      const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (received.length < headBytes) return;
      const length =
        short < 126 ? short : short === 126 ? received.readUInt16BE(2) : Number(received.readBigUInt64BE(2));
      if (received.length < headBytes + length) return;
      const payload = this.socket.take(headBytes + length).subarray(headBytes);
      const opcode = first & 0x0f;
      if (opcode === opcodes.text) this.frames.push(JSON.parse(payload.toString('utf8')) as RawFrame);
      if (opcode === opcodes.close) this.#closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    }
  }
}
