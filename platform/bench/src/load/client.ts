// One WebSocket client on a bare socket: shakes hands, counts deliveries, knows its positions. Ten thousand
// of them must cost less than the server they load.
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Dialect, Greeting, Position } from './dialects/dialect.ts';
import { ageMicros } from './event.ts';
import { frameOf, FrameReader, opcodes } from './frames.ts';
import type { ClientSpec } from './orders.ts';

/** The counters of all clients of a generator. */
export interface Tally {
  delivered: number;
  answered: number;
  refused: number;
  heartbeats: number;
  acks: number;
  receivedBytes: number;
  lost: number;
}

export interface ClientDeps {
  port: number;
  dialect: Dialect;
  tally: Tally;
  /** Of a delivery to a client that samples, µs. */
  onSample: (micros: number) => void;
  /** Something was delivered and is to be acknowledged. Called once until it is. */
  onUnacknowledged: (client: Client) => void;
  /** A chunk was read to its end. */
  onChunk: () => void;
}

const host = '127.0.0.1';
/** Every socket of the process reads into this buffer: its bytes are parsed before the next read. */
const chunk = Buffer.alloc(256 * 1024);
/**
 * As the browser SDK gathers: this long at first, twice as long after a frame with many, up to the server's
 * setting.
 */
const ackAfterMs = 150;
const manyEvents = 3;
const headEnd = Buffer.from('\r\n\r\n');

export class Client {
  readonly spec: ClientSpec;
  readonly #deps: ClientDeps;
  readonly #samples: boolean;
  readonly #unacknowledged = new Map<string, number>();
  /** Events that the next acknowledgement covers. */
  #gathered = 0;
  #gatherMs = ackAfterMs;
  #gatherAtMostMs = ackAfterMs;
  /** The last seq of each stream. */
  readonly #held = new Map<string, number>();
  #socket: Socket | undefined;
  #reader = new FrameReader();
  #head: Buffer | undefined;
  #greeting: Greeting | undefined;
  #greeted: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #last = { start: -1, end: -1 };

  constructor(spec: ClientSpec, deps: ClientDeps, samples: boolean) {
    this.spec = spec;
    this.#deps = deps;
    this.#samples = samples;
  }

  /** Resolves when it is ready, rejects when it was refused. With `resume`, from where it was. */
  open({ resume }: { resume: boolean }): Promise<void> {
    const { dialect } = this.#deps;
    const { port = this.#deps.port } = this.spec;
    this.#head = Buffer.alloc(0);
    this.#reader = new FrameReader();
    this.#greeting = dialect.greet(this.spec, resume ? this.#positions() : undefined);
    const socket = connect({ host, port, noDelay: true, onread: { buffer: chunk, callback: this.#onRead } });
    this.#socket = socket;
    // A connection that was cut still ends later, which must not touch the one after it.
    socket.on('error', (error) => {
      if (this.#socket === socket) this.#greeted?.reject(error);
    });
    socket.on('close', () => {
      if (this.#socket === socket) this.#onClose();
    });
    socket.write(upgradeOf(dialect, port));
    return new Promise((resolve, reject) => {
      this.#greeted = { resolve, reject };
    });
  }

  /** The last seq that it has of each stream. */
  get held(): ReadonlyMap<string, number> {
    return this.#held;
  }

  /** It was accepted, and may send. */
  get isReady(): boolean {
    return this.#socket !== undefined && this.#head === undefined && this.#greeting === undefined;
  }

  get gatherMs(): number {
    return this.#gatherMs;
  }

  say(text: string): void {
    this.#socket?.write(frameOf(text));
  }

  /** Acknowledges the positions, if they are new. */
  acknowledge(): void {
    const { dialect, tally } = this.#deps;
    if (this.#unacknowledged.size === 0 || dialect.acknowledge === undefined) return;
    this.say(dialect.acknowledge(this.#unacknowledged));
    this.#unacknowledged.clear();
    tally.acks += 1;
    this.#gatherMs = this.#gathered < manyEvents ? ackAfterMs : Math.min(this.#gatherMs * 2, this.#gatherAtMostMs);
    this.#gathered = 0;
  }

  /** Gone without a close frame, and with no port left in TIME_WAIT. */
  cut(): void {
    this.#unacknowledged.clear();
    this.#socket?.resetAndDestroy();
    this.#socket = undefined;
  }

  #positions(): Position[] {
    return [...this.#held].map(([stream, seq]) => ({ stream, epoch: this.spec.epoch ?? 'e1', seq }));
  }

  readonly #onRead = (bytesRead: number): boolean => {
    const { tally, onChunk } = this.#deps;
    tally.receivedBytes += bytesRead;
    if (this.#head !== undefined) this.#readHead(chunk.subarray(0, bytesRead), this.#head);
    else this.#reader.read(chunk, bytesRead, this.#listeners);
    onChunk();
    return true;
  };

  #readHead(bytes: Buffer, before: Buffer): void {
    const all = Buffer.concat([before, bytes]);
    const end = all.indexOf(headEnd);
    this.#head = all;
    if (end === -1) return;
    this.#head = undefined;
    const status = all.toString('latin1', 0, 12);
    if (!status.endsWith(' 101')) {
      this.#refuse(new Error(`not upgraded: ${all.toString('latin1', 0, 200)}`));
      return;
    }
    const rest = all.subarray(end + headEnd.length);
    this.#greet();
    this.#reader.read(rest, rest.length, this.#listeners);
  }

  readonly #onFrame = (opcode: number, bytes: Buffer, at: { start: number; end: number }): void => {
    if (opcode === opcodes.text) {
      if (this.#greeting === undefined) this.#onText(bytes, at.start, at.end);
      else this.#greet(bytes.toString('utf8', at.start, at.end));
    } else if (opcode === opcodes.ping) this.#socket?.write(frameOf('', opcodes.pong));
    else if (opcode === opcodes.close) {
      this.#refuse(new Error(`closed with ${at.end - at.start < 2 ? 1005 : bytes.readUInt16BE(at.start)}`));
    }
  };

  #onText(bytes: Buffer, start: number, end: number): void {
    const { dialect, tally, onSample } = this.#deps;
    const sort = dialect.sort(bytes, start, end);
    if (sort === 'delivery') {
      tally.delivered += 1;
      if (this.#samples) {
        const micros = ageMicros(bytes, start, end);
        if (micros !== undefined) onSample(micros);
      }
      if (dialect.position === undefined) return;
      this.#gathered += 1;
      if (this.spec.rooms.length > 1) this.#record(bytes, start, end);
      else {
        this.#last.start = start;
        this.#last.end = end;
      }
    } else if (sort === 'answer') tally.answered += 1;
    else if (sort === 'refusal') tally.refused += 1;
    else if (sort === 'heartbeat') tally.heartbeats += 1;
    else if (sort === 'ping' && dialect.pong !== undefined) this.say(dialect.pong);
  }

  /** A client of one stream reads its position once a chunk: acknowledgements are cumulative. */
  readonly #onEnd = (bytes: Buffer): void => {
    if (this.#last.start === -1) return;
    this.#record(bytes, this.#last.start, this.#last.end);
    this.#last.start = -1;
  };

  #record(bytes: Buffer, start: number, end: number): void {
    const position = this.#deps.dialect.position?.(bytes, start, end);
    if (position === undefined) return;
    this.#held.set(position.stream, position.seq);
    if (this.#unacknowledged.size === 0) this.#deps.onUnacknowledged(this);
    this.#unacknowledged.set(position.stream, position.seq);
  }

  readonly #listeners = { onFrame: this.#onFrame, onEnd: this.#onEnd };

  #greet(frame?: string): void {
    try {
      const step = frame === undefined ? this.#greeting?.next('') : this.#greeting?.next(frame);
      if (step?.done === true) {
        this.#greeting = undefined;
        this.#gatherAtMostMs = step.value?.ackWithinMs ?? ackAfterMs;
        this.#greeted?.resolve();
        this.#greeted = undefined;
      } else if (typeof step?.value === 'string') this.say(step.value);
    } catch (error) {
      this.#refuse(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #refuse(error: Error): void {
    this.#greeted?.reject(error);
    this.#greeted = undefined;
    this.#socket?.destroy();
  }

  #onClose(): void {
    this.#greeted?.reject(new Error('the server hung up'));
    if (this.#greeted === undefined) this.#deps.tally.lost += 1;
    this.#greeted = undefined;
  }
}

function upgradeOf({ path, subprotocol }: Dialect, port: number): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
