// The WebSocket edge: lets upgrades in, keeps the connections there are, and lets them go. What a connection does is in connection.ts.
import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeCodes, isBelfryError, type CloseName } from '@belfry/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { AppRecord } from '../ports/stores/tenancy.ts';
import type { Registry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { AddressSlots, type ReleaseSlot } from './address-slots.ts';
import { closeAnswerMs, closeSocket } from './close.ts';
import { Connection, newcomerMs, type ConnectionDeps } from './connection.ts';
import { drain } from './drain.ts';
import { Flusher } from './writing/flusher.ts';
import type { GatewayLimits } from './limits.ts';
import { refuse, type Refusal } from './refusal.ts';
import { Sweep } from './sweep.ts';
import { chooseSubprotocol, checkApp, checkRequest } from './upgrade.ts';

export interface GatewayDeps {
  apps: { find(key: string): Promise<AppRecord | undefined> };
  router: ConnectionDeps['router'];
  sessions: Pick<Sessions, 'closed'>;
  registry: Registry;
  limits: GatewayLimits;
  /** As clients are told it; silent for twice as long, a client counts as gone. */
  heartbeatIntervalMs: number;
  /** The client's address, behind as many proxies as are trusted. */
  addressOf: (request: IncomingMessage) => string;
  /** Whether the node has too much to do for another connection. */
  isOverloaded?: () => boolean;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

export interface Gateway {
  /** Takes the upgrades of this server. It should be made with `shouldUpgradeCallback: isWebSocketUpgrade`. */
  attach(server: Server): void;
  /** Refuses upgrades from here on and sends the clients elsewhere; resolves within `drainMs`. */
  drain(): Promise<void>;
  /** Cuts what is left; resolves when every session is closed and others know. Idempotent. */
  close(): Promise<void>;
  /** Open sockets, those that have not connected yet included. */
  readonly size: number;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { limits, clock, log, metrics, registry } = deps;
  const connections = new Set<Connection>();
  const slots = new AddressSlots(limits.unauthenticatedPerAddress, clock);
  const sweep = new Sweep(clock);
  const servers = new Set<Server>();
  const closings = new Set<Promise<void>>();
  const shared: ConnectionDeps = {
    ...deps,
    sessions: { closed: closeSession },
    flusher: new Flusher({ clock, metrics }),
    isFull,
  };
  const wss = createWebSocketServer(limits);
  let isDraining = false;

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until ws takes over, a socket that fails must not take the process down.
    socket.on('error', destroyFailed);
    void judge(request, socket).then((verdict) => {
      if ('status' in verdict) turnAway(socket, verdict);
      // ws destroys a socket that has gone meanwhile.
      else wss.handleUpgrade(request, socket, head, (ws) => welcome(ws, request, verdict));
    });
  }

  async function judge(request: IncomingMessage, socket: Duplex): Promise<Refusal | Admitted> {
    const judged = checkRequest(request);
    if ('status' in judged) return judged;
    if (!(socket instanceof Socket)) return { status: 400, code: 'bad_request' };
    if (isClosedToNew()) return tooBusy(isDraining);
    const address = deps.addressOf(request);
    const release = await slots.take(address);
    if (release === undefined) return tooManyOfAddress;
    // It may have gone while it waited, and does not tell of it again.
    if (socket.destroyed) release();
    else socket.once('close', release);
    try {
      const verdict = checkApp(await deps.apps.find(judged.appKey), request.headers.origin);
      if ('status' in verdict) return verdict;
      return isClosedToNew() ? tooBusy(isDraining) : { ...verdict, socket, address, release };
    } catch (error) {
      if (!isBelfryError(error)) log.error('upgrade failed', { err: error });
      return { status: 503, code: 'unavailable', headers: { 'retry-after': '1' } };
    }
  }

  function welcome(ws: WebSocket, request: IncomingMessage, { app, socket, address, release }: Admitted): void {
    if (!chooseSubprotocol(offeredProtocols(request)).isSpoken) {
      closeAtOnce(ws, 'protocol_version');
      return;
    }
    if (isFull(app)) {
      closeAtOnce(ws, 'connection_limit');
      return;
    }
    const connection = new Connection(shared, {
      ws,
      socket,
      app,
      address,
      userAgent: request.headers['user-agent'],
      // It stays as long as the socket, and so would this.
      onDecided: () => {
        socket.off('close', release);
        release();
      },
      onGone: () => void connections.delete(connection),
    });
    connections.add(connection);
    sweep.add(connection, Math.min(limits.connectDeadlineMs, newcomerMs));
  }

  async function closeSession(session: Session, code: number): Promise<void> {
    const closing = deps.sessions.closed(session, code).catch((error: unknown) => {
      log.error('session could not be closed', { connectionId: session.id, err: error });
    });
    closings.add(closing);
    await closing;
    closings.delete(closing);
  }

  function closeAtOnce(ws: WebSocket, name: CloseName): void {
    ws.on('error', () => ws.terminate());
    metrics.count('refused_total', [String(closeCodes[name].code)]);
    closeSocket(ws, name);
  }

  function turnAway(socket: Duplex, refusal: Refusal): void {
    metrics.count('refused_total', [String(refusal.status)]);
    log.debug('upgrade refused', { status: refusal.status, code: refusal.code });
    refuse(socket, refusal);
  }

  function isFull(app: AppRecord): boolean {
    return (registry.ofApp(app.app)?.size ?? 0) >= app.limits.connections;
  }

  function isClosedToNew(): boolean {
    return isDraining || deps.isOverloaded?.() === true;
  }

  function detach(): void {
    for (const server of servers) server.off('upgrade', onUpgrade);
    servers.clear();
  }

  return {
    attach(server) {
      servers.add(server);
      server.on('upgrade', onUpgrade);
      sweep.start();
    },
    async drain() {
      isDraining = true;
      await drain({ connections, clock, log, drainMs: limits.drainMs });
    },
    async close() {
      isDraining = true;
      detach();
      sweep.stop();
      await Promise.all([...connections].map((connection) => connection.terminate()));
      await Promise.all(closings);
      wss.close();
    },
    get size() {
      return connections.size;
    },
  };
}

/** Of its own, not within `onUpgrade`: it stays as long as the socket, and would keep the request with all its headers, 2 KB of each connection. */
function destroyFailed(this: Duplex): void {
  this.destroy();
}

interface Admitted {
  app: AppRecord;
  socket: Socket;
  address: string;
  release: ReleaseSlot;
}

const tooManyOfAddress: Refusal = {
  status: 429,
  code: 'rate_limited',
  message: 'Too many sockets of this address have not connected yet.',
  headers: { 'retry-after': '1' },
};

function tooBusy(isDraining: boolean): Refusal {
  return { status: 503, code: isDraining ? 'unavailable' : 'overloaded', headers: { 'retry-after': '1' } };
}

function createWebSocketServer(limits: GatewayLimits): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    maxFragments: limits.frameFragments,
    maxBufferedChunks: limits.frameBufferedChunks,
    // Shared frames and whole-frame writes need it off, and a compressed megabyte is no weapon then.
    perMessageDeflate: false,
    closeTimeout: closeAnswerMs,
    handleProtocols: (offered: Set<string>): string | false => chooseSubprotocol(offered).answer ?? false,
  };
  return new WebSocketServer(options);
}

/** ws has read the header by the same rule and refused it where it was malformed. */
function offeredProtocols(request: IncomingMessage): ReadonlySet<string> {
  const header = request.headers['sec-websocket-protocol'];
  return new Set(header?.split(',').map((name) => name.trim()) ?? []);
}
