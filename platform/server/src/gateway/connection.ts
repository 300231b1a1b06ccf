// The life of one WebSocket: connect first, frames in order, answers, its end. When bytes leave and what is
// too slow is decided in writing/, what frames look like in dialects/, what commands do in commands/.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { closeCodes, isBelfryError, type CloseName, type Frame } from '@belfry/protocol';
import type { WebSocket } from 'ws';
import { CloseConnection } from '../commands/close-connection.ts';
import type { CommandRouter } from '../commands/router.ts';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import type { Surroundings } from '../ports/surroundings.ts';
import { ConnectionHistory } from '../sessions/connection-history.ts';
import { encode, type Encoded } from '../sessions/encoded.ts';
import type { Outlet, Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Leave } from './address-connections.ts';
import { closeNameOfTransportError, closeSocket } from './close.ts';
import type { Dialect } from './dialects/dialect.ts';
import { FrameQueue, type FrameTaker } from './frame-queue.ts';
import { Heartbeat } from './heartbeat.ts';
import { Intake } from './intake.ts';
import type { GatewayLimits } from './limits.ts';
import type { Swept } from './sweep.ts';
import { TokenExpiry } from './token-expiry.ts';
import { Backpressure } from './writing/backpressure.ts';
import type { Flusher } from './writing/flusher.ts';
import { SendBuffer, type Closable } from './writing/send-buffer.ts';

/**
 * A newcomer is looked at again this soon: the token that comes with its connect may end at any time from
 * then on.
 */
export const newcomerMs = 1000;

/** Shared by all connections. */
export interface ConnectionDeps {
  router: Pick<CommandRouter, 'connect' | 'run' | 'runNow'>;
  /** Must not reject. */
  sessions: Pick<Sessions, 'closed'>;
  limits: GatewayLimits;
  heartbeatIntervalMs: number;
  flusher: Flusher;
  surroundings: Surroundings;
  /** Counts it in; undefined where the app or the address has as many connections as it may have. */
  enter: (app: AppRecord, address: string) => Promise<Leave | undefined>;
}

/** One upgraded socket. */
export interface Upgraded {
  ws: WebSocket;
  /** The one under `ws`. */
  socket: Socket;
  app: AppRecord;
  dialect: Dialect;
  address: string;
  userAgent: string | undefined;
  origin: string | undefined;
  /** It has connected, or will not any more. */
  onDecided: () => void;
  /** Its socket is closed. */
  onGone: () => void;
}

export class Connection implements Outlet, Swept, FrameTaker<Frame>, Closable {
  readonly #deps: ConnectionDeps;
  readonly #own: Upgraded;
  readonly #backpressure: Backpressure;
  readonly #buffer: SendBuffer;
  readonly #queue: FrameQueue<Frame>;
  readonly #intake: Intake;
  readonly #heartbeat: Heartbeat;
  readonly #tokenExpiry = new TokenExpiry();
  readonly #openedMs: number;
  #state: 'waiting' | 'connecting' | 'connected' | 'ended' = 'waiting';
  #session: Session | undefined;
  /** Counts it out of its address. */
  #leave: Leave | undefined;
  #isFinishing = false;
  /** Of the WebSocket; once the state is `ended`. */
  #endCode = 1006;

  constructor(deps: ConnectionDeps, own: Upgraded) {
    this.#deps = deps;
    this.#own = own;
    const { limits, heartbeatIntervalMs, flusher, surroundings } = deps;
    const { ws, socket } = own;
    this.#openedMs = surroundings.clock.monotonic();
    this.#intake = new Intake(own.dialect, limits, this.#openedMs);
    this.#heartbeat = new Heartbeat(heartbeatIntervalMs, this.#openedMs);
    this.#backpressure = new Backpressure(limits);
    const way = { ws, socket, backpressure: this.#backpressure, owner: this };
    this.#buffer = new SendBuffer({ flusher, surroundings }, way);
    this.#queue = new FrameQueue(this);
    ws.on('message', (data: Buffer, isBinary) => this.#onMessage(data, isBinary));
    ws.on('ping', () => this.#onPing());
    ws.on('pong', () => this.#heard());
    ws.on('error', (error) => this.#onError(error));
    ws.on('close', (code) => this.#onClosed(code));
  }

  send(encoded: Encoded): void {
    const frame = encoded.bytesIn(this.#own.dialect);
    if (frame === undefined) return;
    this.#session?.tap?.sent(encoded.event, frame.length);
    this.#buffer.send(frame);
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
    const { metrics, log } = this.#deps.surroundings;
    const { code } = closeCodes[name];
    if (name === 'too_slow') metrics.count('slow_consumers_total', ['closed']);
    else if (name !== 'draining') metrics.count('refused_total', [String(code)]);
    log.debug('connection is closed', { code, connectionId: this.#session?.id });
    // A client that does not read gets nothing more; all others get what was sent before the end.
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
    const { limits, surroundings } = this.#deps;
    const nowMs = surroundings.clock.monotonic();
    if (this.#state !== 'connected') {
      const leftMs = this.#openedMs + limits.connectDeadlineMs - nowMs;
      // A connect that came in time and is being answered slowly is our fault, not the client's.
      if (leftMs > 0 || this.#state === 'connecting') return Math.min(Math.max(leftMs, 0), newcomerMs);
      this.close('no_connect');
      return undefined;
    }
    const silenceMs = this.#heartbeat.leftMs(nowMs);
    const slownessMs = this.#backpressure.leftMs(nowMs);
    if (silenceMs <= 0) this.close('no_heartbeat');
    else if (slownessMs <= 0) this.close('too_slow');
    else return Math.min(silenceMs, slownessMs, this.#pingWhenDue(nowMs), this.#checkToken());
    return undefined;
  }

  /** Returns until when nothing is due, ms. */
  #pingWhenDue(nowMs: number): number {
    const { ping } = this.#own.dialect;
    if (ping === undefined) return Infinity;
    if (this.#heartbeat.pingLeftMs(nowMs) <= 0) {
      this.#heartbeat.pinged(nowMs);
      this.#buffer.send(ping);
    }
    return this.#heartbeat.pingLeftMs(nowMs);
  }

  /** Warns or closes when that is due, and returns how long nothing will be, ms. */
  #checkToken(): number {
    const nowMs = this.#deps.surroundings.clock.now();
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
    // Frames that arrive while draining are dropped unanswered; the client sends them again elsewhere.
    if (this.#state === 'ended' || this.#isFinishing) return;
    const nowMs = this.#heard();
    if (isBinary) {
      this.close('unsupported_data');
      return;
    }
    const read = this.#intake.read(data, nowMs);
    if (!('error' in read)) {
      this.#session?.tap?.came(read, data.length);
      this.#take(read);
      return;
    }
    this.#fail(read.frame, read.error);
    if (read.closeName !== undefined) this.close(read.closeName);
    // A peer that begins with what cannot be read is no client of ours.
    else if (this.#state === 'waiting' && read.error.code !== 'rate_limited') this.close('malformed');
  }

  #take(frame: Frame): void {
    // The first frame is `connect`, and only the first.
    if ((this.#state === 'waiting') !== (frame.action === 'connect')) {
      this.close('malformed');
      return;
    }
    if (this.#state === 'waiting') this.#state = 'connecting';
    // Not past frames that came before it: one of them may change what it is checked against.
    if (this.#session !== undefined && this.#queue.isClear && this.#deps.router.runNow(this.#session, frame)) return;
    this.#queue.push(frame);
  }

  #onPing(): void {
    const closeName = this.#intake.ping(this.#heard());
    if (closeName !== undefined) this.close(closeName);
  }

  /** Called by the queue alone. */
  async runFrame(frame: Frame, accepted: () => void): Promise<void> {
    if (this.#state === 'ended') return;
    try {
      if (frame.action === 'connect') await this.#connect(frame);
      else if (this.#session === undefined) this.close('malformed');
      else {
        const { answer, after } = await this.#deps.router.run(this.#session, frame, { accepted });
        const bytes = this.#own.dialect.answer(frame, answer);
        if (bytes !== undefined) this.#buffer.send(bytes);
        this.#session.tap?.answered(frame, { bytes: bytes?.length ?? 0 });
        after?.();
      }
    } catch (error) {
      this.#onFailed(frame, error);
    }
  }

  async #connect(frame: Frame): Promise<void> {
    const { router, sessions, enter } = this.#deps;
    const { app, dialect, address, userAgent, origin, onDecided } = this.#own;
    // Once, however often its connect is tried.
    this.#leave ??= await enter(app, address);
    if (this.#leave === undefined) {
      this.close('connection_limit');
      return;
    }
    if (this.#hasEnded()) this.#leave();
    const pending = {
      app,
      address,
      outlet: this,
      ...(userAgent !== undefined && { userAgent }),
      ...(origin !== undefined && { origin }),
    };
    const { session, answer, after } = await router.connect(pending, frame.data);
    // `close` or the client may have ended it meanwhile; nobody else knows of the session.
    if (this.#hasEnded()) {
      await sessions.closed(session, this.#endCode);
      return;
    }
    this.#session = session;
    this.#state = 'connected';
    this.#buffer.release(dialect.answer(frame, answer));
    onDecided();
    // A token may end before anybody looks at the connection again.
    this.#checkToken();
    after?.();
  }

  #onFailed(frame: Frame, error: unknown): void {
    if (error instanceof CloseConnection) {
      // Where the command said why, a client that waits for the answer learns it before the close.
      if (error.cause !== undefined) this.#answerError(frame, error.cause);
      this.close(error.closeName);
      return;
    }
    // A connect that failed may be mended and sent again, until the deadline.
    if (this.#state === 'connecting') this.#state = 'waiting';
    if (!isBelfryError(error)) {
      this.#deps.surroundings.log.error('command failed', { action: frame.action, err: error });
    }
    this.#fail(frame, error);
  }

  #fail(frame: Partial<Frame>, error: unknown): void {
    this.#answerError(frame, error);
    if (!isBelfryError(error)) return;
    if (error.code === 'rate_limited' || error.code === 'bad_request') {
      this.#deps.surroundings.metrics.count('refused_total', [error.code]);
    }
  }

  #answerError(frame: Partial<Frame>, error: unknown): void {
    const bytes = this.#own.dialect.error(frame, error);
    const code = isBelfryError(error) ? error.code : 'internal';
    this.#session?.tap?.answered(frame, { code, bytes: bytes?.length ?? 0 });
    if (this.#session !== undefined) {
      ConnectionHistory.of(this.#session).refused(frame.action, code, this.#deps.surroundings.clock.now());
    }
    if (bytes === undefined) return;
    if (this.#state === 'connected') this.#buffer.send(bytes);
    else this.#buffer.sendNow(bytes);
  }

  #heard(): number {
    const nowMs = this.#deps.surroundings.clock.monotonic();
    this.#heartbeat.heard(nowMs);
    return nowMs;
  }

  /** ws closes by itself where the bytes are not WebSocket; where the network failed, `close` follows. */
  #onError(error: Error): void {
    const name = closeNameOfTransportError(error);
    if (name === undefined || this.#state === 'ended') return;
    this.#deps.surroundings.metrics.count('refused_total', [String(closeCodes[name].code)]);
    this.#end(closeCodes[name].code);
  }

  #onClosed(code: number): void {
    this.#end(code);
    this.#own.onGone();
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
    this.#leave?.();
    if (this.#session === undefined) return;
    void this.#deps.sessions.closed(this.#session, code);
  }
}
