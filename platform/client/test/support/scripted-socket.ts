// A WebSocket whose other end is the test: it opens, answers, sends events and closes when asked to.
import type { ServerEvent, WirePagePolicy } from '@belfry/protocol';
import type { SocketLike } from '../../src/types.ts';

export interface SentFrame {
  id?: number;
  action: string;
  // Whatever the action has.
  data: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

export interface Accepted {
  userId?: string;
  page?: WirePagePolicy;
  heartbeatIntervalMs?: number;
  ackWithinMs?: number;
  resumed?: unknown[];
}

const timestamp = '2026-01-01T00:00:00.000Z';
let connections = 0;

export class ScriptedSocket implements SocketLike {
  readonly url: string;
  readonly protocol: string;
  /** The frames that the client sent, in order. */
  readonly sent: SentFrame[] = [];
  /** As a living server does. Off: the network is gone without a word. */
  answersHeartbeats = true;
  readyState = 0;
  bufferedAmount = 0;
  /** How the client closed it; undefined as long as it has not. */
  closedWith: { code: number | undefined } | undefined;
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  onerror: SocketLike['onerror'] = null;

  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
  }

  send(text: string): void {
    if (this.readyState !== 1) throw new Error('not open');
    const frame = JSON.parse(text) as SentFrame;
    this.sent.push(frame);
    if (frame.action === 'heartbeat' && this.answersHeartbeats)
      queueMicrotask(() => this.answer('heartbeat', { serverTime: timestamp }, frame.id));
  }

  close(code?: number): void {
    if (this.readyState === 3) return;
    this.closedWith = { code };
    this.readyState = 3;
    this.onclose?.({ code: code ?? 1005, reason: '' });
  }

  /** The network is there; the client says `connect`. */
  open(): this {
    this.readyState = 1;
    this.onopen?.({});
    return this;
  }

  /** Opens, and answers `connect` as a server does that has the page `/chat` for alice. */
  accept({ userId = 'alice', page, heartbeatIntervalMs = 45_000, ackWithinMs, resumed = [] }: Accepted = {}): this {
    if (this.readyState === 0) this.open();
    connections += 1;
    return this.answer('connect', {
      connectionId: `connection-${connections}`,
      userId,
      page: page ?? {
        pattern: '/chat',
        enabled: true,
        requireAuth: true,
        autoConnect: true,
        connectionType: 'default',
        features: ['messaging', 'typing_indicator', 'read_receipts'],
        version: 1,
      },
      heartbeatIntervalMs,
      ackWithinMs,
      serverTime: timestamp,
      resumed,
    });
  }

  /** The frames of this action, oldest first. */
  frames(action: string): SentFrame[] {
    return this.sent.filter((frame) => frame.action === action);
  }

  /** The newest frame of this action. */
  frame(action: string): SentFrame {
    const found = this.frames(action).at(-1);
    if (found === undefined) throw new Error(`no ${action} was sent`);
    return found;
  }

  /** Answers the newest frame of this action, or the one with this id. */
  answer(action: string, data: object = {}, id: number | undefined = this.frame(action).id): this {
    return this.say({ id, ok: true, data });
  }

  refuse(action: string, error: { code: string; retry?: string; afterMs?: number }): this {
    return this.say({ id: this.frame(action).id, ok: false, error: { message: error.code, retry: 'never', ...error } });
  }

  event(event: Partial<ServerEvent> & { action: string }): this {
    return this.say({ timestamp, data: {}, ...event });
  }

  /** A `new_message` of the stream `c:c1`, or as said. */
  message(seq: number, more: { conversationId?: string; epoch?: string; data?: object } = {}): this {
    const { conversationId = 'c1', epoch = 'e1', data = {} } = more;
    return this.event({
      action: 'new_message',
      conversationId,
      stream: `c:${conversationId}`,
      epoch,
      seq,
      data: { messageId: `${conversationId}-${epoch}-${seq}`, senderId: 'bob', type: 'text', content: {}, ...data },
    });
  }

  say(frame: unknown): this {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    return this;
  }

  /** The server, or the network, ends it. */
  drop(code = 1006, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}
