// One WebSocket from its opening to its end: `connect`, its time-out, commands and their answers. Whether there is another one after it: page-lifecycle.ts.
import type { CommandAction, CommandAnswer, CommandInput, JsonObject, ServerEvent } from '@belfry/protocol';
import { CommandError, messageOf } from './command-error.ts';
import { decodeFrame, encodeFrame, isTooLarge } from './serializer.ts';
import type { CommandFailure, FrameRecord, SocketLike, Surroundings } from './types.ts';

export interface Close {
  code: number;
  reason: string;
  /** The last error the server told before it closed, when it refused `connect`. */
  error?: CommandFailure;
}

/** Called in the order of the frames, each before the next frame is looked at. */
export interface ConnectionListener {
  connected(answer: CommandAnswer<'connect'>): void;
  event(event: ServerEvent): void;
  answered(action: CommandAction, data: JsonObject, answer: JsonObject): void;
  /** An error that belongs to no command that waits, such as one about an `ack`. */
  refused(error: CommandFailure): void;
  /** Once, however it ended; not after `close` or `retire`. */
  closed(close: Close): void;
  frame(frame: FrameRecord): void;
}

export interface Connection {
  command<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>>;
  /** Without an answer. */
  tell<A extends CommandAction>(action: A, data: CommandInput<A>): void;
  /** When something last came from the server, ms since the epoch. */
  heardAt(): number;
  /** Ends it at once for us: nothing of it is told any more, and what waits for an answer is rejected. */
  close(code?: number): void;
  /** Given up on, as by a missed heartbeat: told as closed with 1006. */
  lose(reason: string): void;
  /** Another has taken its place: it tells no more events, and closes once its last command is answered. */
  retire(): void;
  /** Resolves when the socket is closed on both sides. */
  readonly ended: Promise<void>;
}

export interface ConnectionOptions {
  surroundings: Pick<Surroundings, 'openSocket' | 'clock'>;
  url: string;
  /** Data of `connect`, asked for when the socket is open. */
  hello: () => CommandInput<'connect'>;
  /** From the opening to the answer to `connect`, and of each command, ms. */
  timeoutMs: number;
  listener: ConnectionListener;
}

const subprotocol = 'belfry.v1';

/** Commands that wait for an answer; beyond it a loop of the application's would fill the memory. */
const maxPending = 1000;

interface Pending {
  action: CommandAction;
  data: JsonObject;
  resolve: (answer: never) => void;
  reject: (error: CommandError) => void;
  cancelTimer: () => void;
}

/** Opens a socket and connects. Everything that goes wrong is told as `closed`. */
export function openConnection({ surroundings, url, hello, timeoutMs, listener }: ConnectionOptions): Connection {
  const { clock } = surroundings;
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let isConnected = false;
  let isOver = false;
  let isRetired = false;
  let heardAt = clock.now();
  let refusal: CommandFailure | undefined;
  const ended = Promise.withResolvers<undefined>();
  const cancelTimeout = clock.setTimer(() => finish({ code: 1006, reason: 'timeout' }), timeoutMs);

  const socket = open();

  function open(): SocketLike | undefined {
    let opened: SocketLike;
    try {
      opened = surroundings.openSocket(url, subprotocol);
    } catch (error) {
      // A content security policy, or an address that is none. Told later, so that whoever opens it has it in hands.
      clock.setTimer(() => finish({ code: 1006, reason: messageOf(error) }), 0);
      return undefined;
    }
    opened.onopen = () => {
      if (isOver) return;
      // What becomes of it is told to the listener, before anything else is.
      ask('connect', hello()).catch(() => undefined);
    };
    opened.onmessage = ({ data }) => receive(data);
    opened.onclose = ({ code, reason }) => {
      ended.resolve(undefined);
      finish({ code, reason });
    };
    opened.onerror = () => undefined;
    return opened;
  }

  function receive(text: unknown): void {
    if (isOver) return;
    heardAt = clock.now();
    if (typeof text === 'string') listener.frame({ direction: 'in', at: heardAt, text });
    const frame = decodeFrame(text);
    if (frame === undefined) return;
    if (frame.type === 'event') {
      if (isConnected && !isRetired) listener.event(frame.event);
      return;
    }
    const waiting = frame.id === undefined ? undefined : take(frame.id);
    if (frame.type === 'error') {
      waiting?.reject(new CommandError(frame.error));
      if (waiting === undefined) listener.refused(frame.error);
      else if (waiting.action === 'connect') refuse(frame.error);
    } else if (waiting !== undefined) {
      answer(waiting, frame.data);
    }
    endRetired();
  }

  function endRetired(): void {
    if (isRetired && pending.size === 0) over(1000);
  }

  function answer({ action, data, resolve }: Pending, answered: JsonObject): void {
    if (action === 'connect') {
      isConnected = true;
      cancelTimeout();
      listener.connected(answered as unknown as CommandAnswer<'connect'>);
    } else {
      listener.answered(action, data, answered);
    }
    resolve(answered as never);
  }

  function refuse(error: CommandFailure): void {
    refusal = error;
    // Where it may be tried again the server leaves the socket open; otherwise it closes with a code that says more.
    if (error.retry !== 'never') finish({ code: 1013, reason: 'refused for now' });
  }

  function take(id: number): Pending | undefined {
    const waiting = pending.get(id);
    pending.delete(id);
    waiting?.cancelTimer();
    return waiting;
  }

  function ask<A extends CommandAction>(action: A, data: CommandInput<A>): Promise<CommandAnswer<A>> {
    const id = nextId;
    const problem = pending.size < maxPending ? send(encodeFrame(action, data, id)) : failure('overloaded');
    if (problem !== undefined) return Promise.reject(problem);
    nextId += 1;
    return new Promise((resolve, reject) => {
      const cancelTimer = clock.setTimer(() => {
        take(id)?.reject(failure('timeout'));
        endRetired();
      }, timeoutMs);
      pending.set(id, { action, data, resolve, reject, cancelTimer });
    });
  }

  function send(text: string): CommandError | undefined {
    if (isOver || socket?.readyState !== 1) return failure('not_connected');
    if (isTooLarge(text)) return failure('too_large');
    socket.send(text);
    listener.frame({ direction: 'out', at: clock.now(), text });
    return undefined;
  }

  function finish(close: Close): void {
    if (isOver) return;
    over();
    if (!isRetired) listener.closed({ ...close, ...(refusal === undefined ? {} : { error: refusal }) });
  }

  function over(code?: number): void {
    if (isOver) return;
    isOver = true;
    cancelTimeout();
    const rejected = [...pending.keys()].map(take);
    for (const waiting of rejected) waiting?.reject(failure('connection_lost'));
    if (socket === undefined) ended.resolve(undefined);
    try {
      socket?.close(code);
    } catch {
      // Closed already, or before it was open: either way there is nothing left to end.
    }
  }

  return {
    command(action, data) {
      return isConnected ? ask(action, data) : Promise.reject(failure('not_connected'));
    },
    tell(action, data) {
      if (isConnected) send(encodeFrame(action, data));
    },
    heardAt: () => heardAt,
    close(code = 1000) {
      over(code);
    },
    lose(reason) {
      finish({ code: 1006, reason });
    },
    retire() {
      isRetired = true;
      endRetired();
    },
    ended: ended.promise,
  };
}

const failures = {
  not_connected: { message: 'There is no connection.', retry: 'same' },
  connection_lost: { message: 'The connection was lost before the answer came.', retry: 'same' },
  timeout: { message: 'No answer came in time.', retry: 'same' },
  too_large: { message: 'The frame is above 64 KiB.', retry: 'never' },
  overloaded: { message: 'Too many commands wait for an answer.', retry: 'after', afterMs: 1000 },
} as const;

export function failure(code: keyof typeof failures): CommandError {
  return new CommandError({ code, ...failures[code] });
}
