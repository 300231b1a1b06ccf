// The life of one WebSocket: connect first, frames in order, answers, its end. What commands do, when bytes leave and what is too slow is judged elsewhere.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import {
  answerFrame,
  BelfryError,
  closeCodes,
  errorFrame,
  isBelfryError,
  parseFrame,
  type CloseName,
  type Frame,
} from '@belfry/protocol';
import type { WebSocket } from 'ws';
import { CloseConnection } from '../commands/close-connection.ts';
import type { CommandRouter } from '../commands/router.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import { encode, encodedFromJson, type Encoded } from '../sessions/encoded.ts';
import type { Outlet, Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { Backpressure } from './writing/backpressure.ts';
import { closeNameOfTransportError, closeSocket } from './close.ts';
import { CommandRate } from './command-rate.ts';
import type { Flusher } from './writing/flusher.ts';
import { FrameQueue, type FrameTaker } from './frame-queue.ts';
import { silenceLeftMs } from './heartbeat.ts';
import type { GatewayLimits } from './limits.ts';
import { Malformed } from './malformed.ts';
import { SendBuffer, type Closable } from './writing/send-buffer.ts';
import type { Swept } from './sweep.ts';
import { TokenExpiry } from './token-expiry.ts';

/** Who has not connected yet is looked at again this soon: the token that comes with the connect may end at any time from then on. */
export const newcomerMs = 1000;

/** What all connections share. */
export interface ConnectionDeps {
  router: Pick<CommandRouter, 'connect' | 'run' | 'runNow'>;
  /** Must not reject. */
  sessions: Pick<Sessions, 'closed'>;
  limits: GatewayLimits;
  heartbeatIntervalMs: number;
  flusher: Flusher;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Whether the app has as many connections as it may have. */
  isFull: (app: AppRecord) => boolean;
}

/** What this one is. */
export interface Upgraded {
  ws: WebSocket;
  /** The one under `ws`. */
  socket: Socket;
  app: AppRecord;
  address: string;
  userAgent: string | undefined;
  /** It has connected, or will not any more. */
  onDecided: () => void;
  /** Its socket is closed. */
  onGone: (connection: Connection) => void;
}

export class Connection implements Outlet, Swept, FrameTaker<Frame>, Closable {
  readonly #deps: ConnectionDeps;
  readonly #own: Upgraded;
  readonly #backpressure: Backpressure;
  readonly #buffer: SendBuffer;
  readonly #queue: FrameQueue<Frame>;
  readonly #rate: CommandRate;
  /** Of the few that send what can't be read. */
  #malformed: Malformed | undefined;
  readonly #tokenExpiry = new TokenExpiry();
  readonly #openedMs: number;
  #lastHeardMs: number;
  #state: 'waiting' | 'connecting' | 'connected' | 'ended' = 'waiting';
  #session: Session | undefined;
  #isFinishing = false;
  /** Of the WebSocket; once the state is `ended`. */
  #endCode = 1006;

  constructor(deps: ConnectionDeps, own: Upgraded) {
    this.#deps = deps;
    this.#own = own;
    const { limits, clock } = deps;
    const { ws, socket } = own;
    this.#openedMs = this.#lastHeardMs = clock.monotonic();
    this.#rate = new CommandRate(limits, this.#openedMs);
    this.#backpressure = new Backpressure(limits);
    this.#buffer = new SendBuffer(deps, { ws, socket, backpressure: this.#backpressure, owner: this });
    this.#queue = new FrameQueue(this);
    ws.on('message', (data: Buffer, isBinary) => this.#onMessage(data, isBinary));
    ws.on('ping', () => this.#onPing());
    ws.on('pong', () => this.#heard());
    ws.on('error', (error) => this.#onError(error));
    ws.on('close', (code) => this.#onClosed(code));
  }

  send(encoded: Encoded): void {
    this.#buffer.send(encoded);
  }

  bufferedBytes(): number {
    return this.#buffer.bytes;
  }

  onDrain(listen: () => void): void {
    this.#buffer.onDrain(listen);
  }

  frameQueueFull(): void {
    this.#own.ws.pause();
  }

  frameQueueHasRoom(): void {
    if (!this.#isFinishing) this.#own.ws.resume();
  }

  close(name: CloseName): void {
    if (this.#state === 'ended') return;
    const { metrics, log } = this.#deps;
    const { code } = closeCodes[name];
    if (name === 'too_slow') metrics.count('slow_consumers_total', ['closed']);
    else if (name !== 'draining') metrics.count('refused_total', [String(code)]);
    log.debug('connection is closed', { code, connectionId: this.#session?.id });
    // Who does not read gets nothing more; everybody else gets what was sent before the end.
    this.#buffer.end({ forget: name === 'too_slow' });
    closeSocket(this.#own.ws, name);
    this.#end(code);
  }

  /** Takes no new frame, lets those that run finish, then closes. */
  async finish(name: CloseName): Promise<void> {
    this.#isFinishing = true;
    this.#own.ws.pause();
    await this.#queue.idle();
    this.close(name);
  }

  /** Resolves when its socket is closed. */
  async terminate(): Promise<void> {
    const { ws } = this.#own;
    if (ws.readyState === ws.CLOSED) return;
    const closed = once(ws, 'close');
    ws.terminate();
    await closed;
  }

  check(): number | undefined {
    if (this.#state === 'ended') return undefined;
    const { clock, limits, heartbeatIntervalMs } = this.#deps;
    const nowMs = clock.monotonic();
    if (this.#state !== 'connected') {
      const leftMs = this.#openedMs + limits.connectDeadlineMs - nowMs;
      // A connect that came in time and is being answered slowly is our fault, not the client's.
      if (leftMs > 0 || this.#state === 'connecting') return Math.min(Math.max(leftMs, 0), newcomerMs);
      this.close('no_connect');
      return undefined;
    }
    const silenceMs = silenceLeftMs(this.#lastHeardMs, nowMs, heartbeatIntervalMs);
    const slownessMs = this.#backpressure.leftMs(nowMs);
    if (silenceMs <= 0) this.close('no_heartbeat');
    else if (slownessMs <= 0) this.close('too_slow');
    else return Math.min(silenceMs, slownessMs, this.#checkToken());
    return undefined;
  }

  /** Says what is due, and how long nothing will be, ms. */
  #checkToken(): number {
    const { clock } = this.#deps;
    const nowMs = clock.now();
    const expiresAtMs = this.#session?.tokenExpiresAtMs;
    const verdict = this.#tokenExpiry.check(expiresAtMs, nowMs);
    if (verdict === 'expired') this.close('token_expired');
    if (verdict === 'warn' && expiresAtMs !== undefined) {
      const data = { expiresAt: new Date(expiresAtMs).toISOString() };
      this.send(encode({ action: 'auth_expiring', timestamp: new Date(nowMs).toISOString(), data }));
    }
    return this.#tokenExpiry.leftMs(expiresAtMs, nowMs);
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    // What is not taken is not answered, and the client sends it again elsewhere.
    if (this.#state === 'ended' || this.#isFinishing) return;
    const nowMs = this.#heard();
    if (isBinary) {
      this.close('unsupported_data');
      return;
    }
    const admission = this.#rate.admit(nowMs);
    const parsed = parseFrame(data.toString('utf8'), { maxDepth: this.#deps.limits.jsonDepth });
    if (admission !== 'admitted') {
      const id = parsed.ok ? parsed.frame.id : parsed.id;
      this.#fail(id, new BelfryError('rate_limited', { afterMs: admission.afterMs }));
      if (admission.overrun) this.close('rate_limited');
      return;
    }
    if (!parsed.ok) {
      this.#fail(parsed.id, parsed.error);
      // What can be read and is refused by its command is a mistake in one place; what can't be read at all is no client of ours.
      this.#malformed ??= new Malformed(this.#deps.limits.malformedPerMinute);
      if (this.#malformed.record(nowMs) || this.#state === 'waiting') this.close('malformed');
      return;
    }
    // The first frame is `connect`, and only the first.
    if ((this.#state === 'waiting') !== (parsed.frame.action === 'connect')) {
      this.close('malformed');
      return;
    }
    if (this.#state === 'waiting') this.#state = 'connecting';
    // Not past frames that came before it: one of them may change what it is judged by.
    if (this.#session !== undefined && this.#queue.isClear && this.#deps.router.runNow(this.#session, parsed.frame))
      return;
    this.#queue.push(parsed.frame);
  }

  /** A pong costs about as much as an answer, so pings count as commands. */
  #onPing(): void {
    const admission = this.#rate.admit(this.#heard());
    if (admission !== 'admitted' && admission.overrun) this.close('rate_limited');
  }

  /** Called by the queue alone. */
  async runFrame(frame: Frame, accepted: () => void): Promise<void> {
    if (this.#state === 'ended') return;
    try {
      if (frame.action === 'connect') await this.#connect(frame);
      else if (this.#session === undefined) this.close('malformed');
      else {
        const { answer, after } = await this.#deps.router.run(this.#session, frame, { accepted });
        if (frame.id !== undefined) this.send(encodedFromJson(answerFrame(frame.id, answer)));
        after?.();
      }
    } catch (error) {
      this.#onFailed(frame, error);
    }
  }

  async #connect(frame: Frame): Promise<void> {
    const { router, sessions, isFull } = this.#deps;
    const { app, address, userAgent, onDecided } = this.#own;
    // Judged again: sockets that were let in together must not all become connections.
    if (isFull(app)) {
      this.close('connection_limit');
      return;
    }
    const pending = { app, address, outlet: this, ...(userAgent === undefined ? {} : { userAgent }) };
    const { session, answer, after } = await router.connect(pending, frame.data);
    // `close` or the client may have ended it meanwhile; nobody else knows of the session.
    if (this.#hasEnded()) {
      await sessions.closed(session, this.#endCode);
      return;
    }
    this.#session = session;
    this.#state = 'connected';
    this.#buffer.release(frame.id === undefined ? undefined : encodedFromJson(answerFrame(frame.id, answer)));
    onDecided();
    // A token may end before anybody looks at the connection again.
    this.#checkToken();
    after?.();
  }

  #onFailed(frame: Frame, error: unknown): void {
    if (error instanceof CloseConnection) {
      // Where the command said why, a client that waits for the answer learns it before the close.
      if (error.cause !== undefined) this.#answerError(frame.id, error.cause);
      this.close(error.closeName);
      return;
    }
    // A connect that failed may be mended and sent again, until the deadline.
    if (this.#state === 'connecting') this.#state = 'waiting';
    if (!isBelfryError(error)) this.#deps.log.error('command failed', { action: frame.action, err: error });
    this.#fail(frame.id, error);
  }

  #fail(id: number | undefined, error: unknown): void {
    this.#answerError(id, error);
    if (!isBelfryError(error)) return;
    if (error.code === 'rate_limited' || error.code === 'bad_request') {
      this.#deps.metrics.count('refused_total', [error.code]);
    }
  }

  #answerError(id: number | undefined, error: unknown): void {
    const encoded = encodedFromJson(errorFrame(id, error));
    if (this.#state === 'connected') this.#buffer.send(encoded);
    else this.#buffer.sendNow(encoded);
  }

  #heard(): number {
    const nowMs = this.#deps.clock.monotonic();
    this.#lastHeardMs = nowMs;
    if (this.#session !== undefined) this.#session.lastHeardMs = nowMs;
    return nowMs;
  }

  /** ws closes by itself where the bytes are not WebSocket; where the network failed, `close` follows. */
  #onError(error: Error): void {
    const name = closeNameOfTransportError(error);
    if (name === undefined || this.#state === 'ended') return;
    this.#deps.metrics.count('refused_total', [String(closeCodes[name].code)]);
    this.#end(closeCodes[name].code);
  }

  #onClosed(code: number): void {
    this.#end(code);
    this.#own.onGone(this);
  }

  #hasEnded(): boolean {
    return this.#state === 'ended';
  }

  #end(code: number): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#endCode = code;
    this.#buffer.end({ forget: true });
    this.#queue.clear();
    this.#own.onDecided();
    if (this.#session === undefined) return;
    void this.#deps.sessions.closed(this.#session, code);
  }
}
