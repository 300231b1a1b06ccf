// One socket of a scenario: keeps what came, and lets a step wait for more. What a step expects of it:
// replay.ts.

/** As much of the browser's WebSocket as a scenario needs. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: unknown) => void): void;
}

type ReceivedFrame = Record<string, unknown>;

export class ScenarioClient {
  /** Frames with `ok`, in the order in which they came, without those that a step has taken. */
  readonly answers: ReceivedFrame[] = [];
  /** All other frames, likewise. */
  readonly events: ReceivedFrame[] = [];
  /** Undefined while the socket is open or opening. */
  closeCode: number | undefined;
  private opened = false;
  private readonly socket: Socket;
  private readonly waiting = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    const wake = (): void => {
      for (const check of [...this.waiting]) check();
    };
    socket.addEventListener('open', () => {
      this.opened = true;
      wake();
    });
    socket.addEventListener('message', (event) => {
      const frame = readFrame(event);
      (Object.hasOwn(frame, 'ok') ? this.answers : this.events).push(frame);
      wake();
    });
    socket.addEventListener('close', (event) => {
      this.closeCode = readCode(event);
      wake();
    });
    // A failed socket also closes; the listener is there so that Node's WebSocket libraries do not throw.
    socket.addEventListener('error', wake);
  }

  async open(withinMs: number): Promise<void> {
    const isOver = await this.when(() => (this.opened || this.closeCode !== undefined ? true : undefined), withinMs);
    if (isOver !== true || !this.opened)
      throw new Error(`the socket did not open (close code ${this.closeCode ?? 'none'})`);
  }

  send(text: string): void {
    this.socket.send(text);
  }

  close(code: number): void {
    if (this.closeCode === undefined) this.socket.close(code);
  }

  /**
   * Resolves with the first defined result; `look` is asked now and whenever something came. Undefined after
   * `withinMs`.
   */
  async when<T>(look: () => T | undefined, withinMs: number): Promise<T | undefined> {
    const now = look();
    if (now !== undefined) return now;
    const { promise, resolve } = Promise.withResolvers<T | undefined>();
    const check = (): void => {
      const result = look();
      if (result === undefined) return;
      // At once: several frames may come in one turn, and a look takes what it finds.
      this.waiting.delete(check);
      resolve(result);
    };
    const timer = setTimeout(() => resolve(undefined), withinMs);
    this.waiting.add(check);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(check);
    }
  }
}

function readFrame(event: unknown): ReceivedFrame {
  const data = isRecord(event) ? event['data'] : undefined;
  if (typeof data !== 'string') throw new Error('the server sent something that is not text');
  const frame: unknown = JSON.parse(data);
  if (!isRecord(frame)) throw new Error(`the server sent a frame that is not an object: ${data}`);
  return frame;
}

function readCode(event: unknown): number {
  const code = isRecord(event) ? event['code'] : undefined;
  return typeof code === 'number' ? code : 1006;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
