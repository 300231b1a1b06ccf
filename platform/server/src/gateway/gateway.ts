// The WebSocket edge: takes upgrades, keeps the connections there are, and lets them go. Which upgrades are
// let in: admission.ts; what a connection does: connection.ts.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, type CloseName } from '@belfry/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Surroundings } from '../ports/surroundings.ts';
import type { Session } from '../sessions/session.ts';
import { Admission, type AdmissionDeps, type Admitted } from './admission.ts';
import { closeAnswerMs, closeSocket } from './close.ts';
import { Connection, newcomerMs, type ConnectionDeps } from './connection.ts';
import { belfry } from './dialects/belfry.ts';
import type { Dialect } from './dialects/dialect.ts';
import { drain } from './drain.ts';
import type { GatewayLimits } from './limits.ts';
import { refuse, type Refusal } from './refusal.ts';
import { Sweep } from './sweep.ts';
import { chooseDialect, chooseSubprotocol, offeredProtocols } from './upgrade.ts';
import { Flusher } from './writing/flusher.ts';

export interface GatewayDeps extends Pick<
  AdmissionDeps,
  'apps' | 'countConnections' | 'addressOf' | 'networkOf' | 'refusedClients'
> {
  router: ConnectionDeps['router'];
  sessions: ConnectionDeps['sessions'];
  /** The protocols that are spoken; Belfry's own alone when left out. */
  dialects?: readonly Dialect[];
  limits: GatewayLimits;
  /** The interval that clients get; silent for twice as long, a client counts as gone. */
  heartbeatIntervalMs: number;
  surroundings: Surroundings;
}

export class Gateway {
  readonly #deps: GatewayDeps;
  readonly #admission: Admission;
  readonly #shared: ConnectionDeps;
  readonly #sweep: Sweep;
  readonly #wss: WebSocketServer;
  readonly #servers = new Set<Server>();
  readonly #connections = new Set<Connection>();
  readonly #closings = new Set<Promise<void>>();

  constructor(deps: GatewayDeps) {
    const { limits, surroundings, dialects = [belfry] } = deps;
    this.#deps = deps;
    this.#admission = new Admission({ ...deps, dialects });
    this.#shared = {
      ...deps,
      sessions: { closed: (session, code) => this.#closeSession(session, code) },
      flusher: new Flusher(surroundings),
      enter: (app, address) => this.#admission.enter(app, address),
    };
    this.#sweep = new Sweep(surroundings.clock);
    this.#wss = createWebSocketServer(limits, dialects);
  }

  /** Open sockets, those that have not connected yet included. */
  get size(): number {
    return this.#connections.size;
  }

  /**
   * Takes the upgrades of this server. It should be made with `shouldUpgradeCallback: isWebSocketUpgrade`.
   */
  attach(server: Server): void {
    this.#servers.add(server);
    server.on('upgrade', this.#onUpgrade);
    this.#sweep.start();
    this.#admission.start();
  }

  /** Refuses upgrades from here on and sends the clients elsewhere; resolves within `drainMs`. */
  async drain(): Promise<void> {
    const { surroundings, limits } = this.#deps;
    this.#admission.drain();
    await drain({ connections: this.#connections, surroundings, drainMs: limits.drainMs });
  }

  /** Cuts what is left; resolves when every session is closed and others know. Idempotent. */
  async close(): Promise<void> {
    this.#admission.stop();
    for (const server of this.#servers) server.off('upgrade', this.#onUpgrade);
    this.#servers.clear();
    this.#sweep.stop();
    await Promise.all([...this.#connections].map((connection) => connection.terminate()));
    await Promise.all(this.#closings);
    this.#wss.close();
  }

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Until ws takes over, a socket that fails must not take the process down.
    socket.on('error', destroyFailed);
    void this.#admission.decide(request, socket).then((decision) => {
      if ('status' in decision) this.#turnAway(socket, decision);
      // ws destroys a socket that has gone meanwhile.
      else this.#wss.handleUpgrade(request, socket, head, (ws) => this.#welcome(ws, request, decision));
    });
  };

  #welcome(ws: WebSocket, request: IncomingMessage, admitted: Admitted): void {
    const { app, isFull, dialect, socket, address, release } = admitted;
    if (!chooseSubprotocol(offeredProtocols(request), dialect).isSpoken) {
      this.#closeAtOnce(ws, 'protocol_version');
      return;
    }
    if (isFull) {
      this.#closeAtOnce(ws, 'connection_limit');
      return;
    }
    const connection = new Connection(this.#shared, {
      ws,
      socket,
      app,
      dialect,
      address,
      userAgent: request.headers['user-agent'],
      origin: request.headers.origin,
      // The listener stays as long as the socket, and so would what it holds.
      onDecided: () => {
        socket.off('close', release);
        release();
      },
      onGone: () => void this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    this.#sweep.add(connection, Math.min(this.#deps.limits.connectDeadlineMs, newcomerMs));
  }

  async #closeSession(session: Session, code: number): Promise<void> {
    const { sessions, surroundings } = this.#deps;
    const closing = sessions.closed(session, code).catch((error: unknown) => {
      surroundings.log.error('session could not be closed', { connectionId: session.id, err: error });
    });
    this.#closings.add(closing);
    await closing;
    this.#closings.delete(closing);
  }

  #closeAtOnce(ws: WebSocket, name: CloseName): void {
    ws.on('error', () => ws.terminate());
    this.#deps.surroundings.metrics.count('refused_total', [String(closeCodes[name].code)]);
    closeSocket(ws, name);
  }

  #turnAway(socket: Duplex, refusal: Refusal): void {
    const { metrics, log } = this.#deps.surroundings;
    metrics.count('refused_total', [String(refusal.status)]);
    metrics.count('upgrades_refused_total', [refusal.code]);
    log.debug('upgrade refused', { status: refusal.status, code: refusal.code });
    refuse(socket, refusal);
  }
}

/**
 * A function of its own, not within `#onUpgrade`: it stays as long as the socket, and would keep the request
 * with all its headers, 2 KB of each connection.
 */
function destroyFailed(this: Duplex): void {
  this.destroy();
}

function createWebSocketServer(limits: GatewayLimits, dialects: readonly Dialect[]): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    maxFragments: limits.frameFragments,
    maxBufferedChunks: limits.frameBufferedChunks,
    // Shared frames and whole-frame writes need it off, and a compressed megabyte is no weapon then.
    perMessageDeflate: false,
    closeTimeout: closeAnswerMs,
    handleProtocols(offered: Set<string>, request: IncomingMessage): string | false {
      const chosen = chooseDialect(request, dialects);
      return (chosen && chooseSubprotocol(offered, chosen.dialect).answer) ?? false;
    },
  };
  return new WebSocketServer(options);
}
