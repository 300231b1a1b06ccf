// One WebSocket from its opening to its end: `connect`, its time-out, commands and their answers. Whether
// another follows it: page-lifecycle.ts.
import type { CommandAction, CommandAnswer, CommandInput, JsonObject, ServerEvent } from '@belfry/protocol';
import { CommandError, messageOf } from './command-error.ts';
import { decodeFrame, encodeFrame, isTooLarge, type IncomingFrame } from './serializer.ts';
import type { CommandFailure, FrameRecord, SocketLike, Surroundings } from './types.ts';

export interface Close {
  code: number;
  reason: string;
  /** Why the server refused `connect`, where it did. */
  error?: CommandFailure | undefined;
}

/** Called in the order of the frames, each before the next frame is looked at. */
export interface ConnectionListener {
  /** Data of `connect`, asked for when the socket is open. */
  hello(): CommandInput<'connect'>;
  connected(connection: Connection, answer: CommandAnswer<'connect'>): void;
  event(event: ServerEvent): void;
  answered(action: CommandAction, data: JsonObject, answer: JsonObject): void;
  /** An error that belongs to no command that waits, such as one about an `ack`. */
  refused(error: CommandFailure): void;
  /** Once, however it ended; not after `close` or `retire`. */
  closed(connection: Connection, close: Close): void;
  frame(direction: FrameRecord['direction'], text: string): void;
  /** An answer is late, and nothing else has come since the command was sent. */
  late(): void;
}

export interface ConnectionOptions {
  surroundings: Pick<Surroundings, 'openSocket' | 'clock'>;
  /** From the opening to the answer to `connect`, and of each command, ms. */
  timeoutMs: number;
  listener: ConnectionListener;
}

/** After this, ms, an answer that has not come is reason to find out whether the connection is still there. */
const lateAfterMs = 5000;

const subprotocol = 'belfry.v1';

/** Commands that wait for an answer; beyond it a loop in the application would fill the memory. */
const maxPending = 1000;

interface Pending {
  action: CommandAction;
  data: JsonObject;
  resolve: (answer: never) => void;
  reject: (error: CommandError) => void;
  cancelTimer: () => void;
}

export class Connection {
  #markEnded!: () => void;
  /** Resolves when the socket is closed on both sides. */
  readonly ended = new Promise<void>((resolve) => {
    this.#markEnded = resolve;
  });
  readonly #surroundings: ConnectionOptions['surroundings'];
  readonly #timeoutMs: number;
  readonly #listener: ConnectionListener;
  readonly #pending = new Map<number, Pending>();
  #socket: SocketLike | undefined;
  #cancelTimeout = (): void => undefined;
  #nextId = 1;
  #isConnected = false;
  #isOver = false;
  #isRetired = false;
  #heardAt: number;
  /** The server's answer to `connect`, when it refused it. */
  #refusal: CommandFailure | undefined;

  constructor({ surroundings, timeoutMs, listener }: ConnectionOptions) {
    this.#surroundings = surroundings;
    this.#timeoutMs = timeoutMs;
    this.#listener = listener;
    this.#heardAt = surroundings.clock.monotonic();
  }

  /**
   * Opens the socket and connects. Everything that goes wrong is reported as `closed`, never before this
   * returns.
   */
  open(url: string): void {
    this.#cancelTimeout = this.#surroundings.clock.setTimer(() => this.lose('timeout'), this.#timeoutMs);
    try {
      const socket = this.#surroundings.openSocket(url, subprotocol);
      this.#socket = socket;
      socket.onopen = () => {
        // The listener hears of the answer before anybody else does.
        if (!this.#isOver) this.#ask('connect', this.#listener.hello()).catch(() => undefined);
      };
      socket.onmessage = ({ data }) => this.#receive(data);
      socket.onclose = ({ code, reason }) => {
        this.#markEnded();
        this.#finish({ code, reason });
      };
      socket.onerror = () => undefined;
    } catch (error) {
      // A content security policy refuses the address, or it is none.
      this.#surroundings.clock.setTimer(() => this.lose(messageOf(error)), 0);
    }
  }

  command<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>> {
    return this.#isConnected ? this.#ask(action, data) : Promise.reject(failure('not_connected'));
  }

  /** As `command`, without an answer. */
  send<A extends CommandAction>(action: A, data: CommandInput<A>): void {
    if (this.#isConnected) this.#write(encodeFrame(action, data));
  }

  /** When something last came from the server, by the monotonic clock, ms. */
  heardAt(): number {
    return this.#heardAt;
  }

  /** Ends it at once and without a word to the listener; what waits for an answer is rejected. */
  close(code = 1000): void {
    this.#end(code);
  }

  /** Given up on, as after a missed heartbeat: reported as closed with 1006. */
  lose(reason: string): void {
    this.#finish({ code: 1006, reason });
  }

  /**
   * Another connection has taken its place: it reports no more events, and closes once its last command is
   * answered.
   */
  retire(): void {
    this.#isRetired = true;
    this.#endRetired();
  }

  #receive(text: unknown): void {
    if (this.#isOver) return;
    this.#heardAt = this.#surroundings.clock.monotonic();
    if (typeof text === 'string') this.#listener.frame('in', text);
    const frame = decodeFrame(text);
    if (!frame) return;
    if (!frame.event) this.#answer(frame);
    else if (this.#isConnected && !this.#isRetired) this.#listener.event(frame.event);
  }

  #answer({ id, data: answer, error }: IncomingFrame): void {
    const waiting = id === undefined ? undefined : this.#take(id);
    if (error) {
      waiting?.reject(new CommandError(error));
      if (!waiting) this.#listener.refused(error);
      else if (waiting.action === 'connect') this.#refuse(error);
    } else if (waiting && answer) {
      const { action, data, resolve } = waiting;
      if (action === 'connect') {
        this.#isConnected = true;
        this.#cancelTimeout();
        this.#listener.connected(this, answer as unknown as CommandAnswer<'connect'>);
      } else {
        this.#listener.answered(action, data, answer);
      }
      resolve(answer as never);
    }
    this.#endRetired();
  }

  #refuse(error: CommandFailure): void {
    this.#refusal = error;
    // Where it may be tried again the server leaves the socket open; otherwise it closes with a code that
    // says more.
    if (error.retry !== 'never') this.#finish({ code: 1013, reason: 'refused' });
  }

  #endRetired(): void {
    if (this.#isRetired && this.#pending.size === 0) this.close();
  }

  #ask<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>> {
    const id = this.#nextId;
    const problem =
      this.#pending.size < maxPending ? this.#write(encodeFrame(action, data, id)) : failure('overloaded');
    if (problem) return Promise.reject(problem);
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const { clock } = this.#surroundings;
      const sentAt = clock.monotonic();
      const lateMs = Math.min(lateAfterMs, this.#timeoutMs);
      const giveUp = (): void => {
        this.#take(id)?.reject(failure('timeout'));
        this.#endRetired();
      };
      const late = (): void => {
        waiting.cancelTimer = clock.setTimer(giveUp, this.#timeoutMs - lateMs);
        if (this.#heardAt < sentAt) this.#listener.late();
      };
      const waiting = { action, data, resolve, reject, cancelTimer: clock.setTimer(late, lateMs) };
      this.#pending.set(id, waiting);
    });
  }

  #take(id: number): Pending | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    waiting?.cancelTimer();
    return waiting;
  }

  #write(text: string): CommandError | undefined {
    if (this.#isOver || this.#socket?.readyState !== 1) return failure('not_connected');
    if (isTooLarge(text)) return failure('too_large');
    this.#socket.send(text);
    this.#listener.frame('out', text);
    return undefined;
  }

  #finish(close: Close): void {
    if (this.#isOver) return;
    this.#end();
    if (!this.#isRetired) this.#listener.closed(this, { ...close, error: this.#refusal });
  }

  #end(code?: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimeout();
    const rejected = [...this.#pending.keys()].map((id) => this.#take(id));
    for (const waiting of rejected) waiting?.reject(failure('connection_lost'));
    if (!this.#socket) this.#markEnded();
    try {
      this.#socket?.close(code);
    } catch {
      // Closed already, or before it was open: either way there is nothing left to end.
    }
  }
}

type Failure = 'not_connected' | 'connection_lost' | 'timeout' | 'too_large' | 'overloaded';

/** Its words are those of the code: what they mean and what to do is in docs/client.md. */
export function failure(code: Failure): CommandError {
  const message = code.replace('_', ' ');
  if (code === 'overloaded') return new CommandError({ code, message, retry: 'after', afterMs: 1000 });
  return new CommandError({ code, message, retry: code === 'too_large' ? 'never' : 'same' });
}
