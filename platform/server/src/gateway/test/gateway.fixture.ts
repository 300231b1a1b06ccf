// A gateway on a real server, real clients, and a router that does as a test says.
import { setImmediate as turn } from 'node:timers/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import type { Frame, JsonObject } from '@belfry/protocol';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { asAppId } from '../../ports/app-id.ts';
import { createSystemClock } from '../../drivers/clock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Connected } from '../../commands/connect.ts';
import type { CommandRouter } from '../../commands/router.ts';
import type { AppRecord } from '../../ports/stores/tenancy.ts';
import { encode, type Encoded } from '../../sessions/encoded.ts';
import { RefusedClients } from '../../sessions/refused-clients.ts';
import { Registry } from '../../sessions/registry.ts';
import { Session } from '../../sessions/session.ts';
import { page, RecordedLog, RecordedMetrics } from '../../sessions/test/sessions.fixture.ts';
import { Gateway, type GatewayDeps } from '../gateway.ts';
import type { GatewayLimits } from '../limits.ts';
import { isWebSocketUpgrade } from '../upgrade.ts';

const limits: GatewayLimits = {
  frameBytes: 65_536,
  frameFragments: 64,
  frameBufferedChunks: 256,
  connectDeadlineMs: 10_000,
  // Measuring it would set a timer on each clock that a test turns.
  eventLoopDelayMs: 0,
  unauthenticatedPerAddress: 50,
  connectionsPerAddress: 10_000,
  commandsPerSecond: 30,
  commandBurst: 60,
  namesPerCommand: 20,
  commandOverrunMs: 10_000,
  malformedPerMinute: 3,
  jsonDepth: 32,
  sendBehindBytes: 262_144,
  sendTooSlowBytes: 1_048_576,
  sendTooSlowMs: 30_000,
  drainMs: 25_000,
};

export function app(key: string, change: Partial<AppRecord> = {}): AppRecord {
  return {
    app: asAppId(key),
    tenantId: 't',
    name: key,
    disabled: false,
    allowedOrigins: ['https://clinic.example'],
    signingSecrets: [],
    settings: { waitMs: 5000, deliveredMeans: 'visible', retentionMs: 0, journeyRetentionMs: 0 },
    limits: { connections: 1000, requestsPerMinute: 1000 },
    managed: false,
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

interface Options extends Partial<Omit<GatewayDeps, 'limits' | 'surroundings'>> {
  /** The system's when left out. */
  clock?: Clock;
  limits?: Partial<GatewayLimits>;
  records?: AppRecord[];
  /** The answer of a command; `{}` for undefined. */
  run?: (...command: Parameters<CommandRouter['run']>) => Promise<object | undefined>;
  /** Called after each answer. */
  after?: (session: Session, frame: Frame) => void;
  /** Says which frames are carried out at once; none when left out. */
  runNow?: CommandRouter['runNow'];
  /** Instead of opening a session. */
  refuseConnect?: (data: JsonObject) => Promise<void>;
  session?: { tokenExpiresAtMs?: number };
  /** Called with each session before its connect is answered. */
  onOpened?: (session: Session) => void;
}

/** Stopped at the end of the test, after the clients that were dialled through it. */
export async function startGateway(options: Options = {}) {
  const {
    records = [app('demo')],
    run,
    after,
    runNow,
    refuseConnect,
    session: sessionInit,
    onOpened,
    limits: changed,
    clock = createSystemClock(),
    ...deps
  } = options;
  const registry = new Registry();
  const log = new RecordedLog();
  const metrics = new RecordedMetrics();
  const opened: Session[] = [];
  const closed: { userId: string; code: number }[] = [];
  const ran: Frame[] = [];
  const router: GatewayDeps['router'] = {
    async connect({ app: record, outlet }, data) {
      await refuseConnect?.(data);
      const session = new Session({
        app: record.app,
        userId: typeof data['token'] === 'string' ? data['token'] : `u${opened.length}`,
        device: { id: 'd', type: 'desktop' },
        page: page('/chat'),
        visible: true,
        node: 'n1',
        connectedAtMs: clock.now(),
        outlet,
        ...sessionInit,
      });
      opened.push(session);
      registry.add(session);
      onOpened?.(session);
      return { session, answer: { connectionId: session.id } as Connected['answer'] };
    },
    async run(session, frame, control) {
      ran.push(frame);
      const answer = (await run?.(session, frame, control)) ?? {};
      return { answer, after: () => after?.(session, frame) };
    },
    runNow(session, frame) {
      if (runNow?.(session, frame) !== true) return false;
      ran.push(frame);
      return true;
    },
  };
  const gateway = new Gateway({
    refusedClients: new RefusedClients({ clock, log }, { record: () => undefined }),
    apps: { find: async (key) => records.find((record) => record.app === asAppId(key)) },
    router,
    sessions: {
      async closed(session, code) {
        session.closed = true;
        registry.remove(session);
        closed.push({ userId: session.userId, code });
      },
    },
    heartbeatIntervalMs: 45_000,
    // As a proxy in front would say it.
    addressOf: (request) => String(request.headers['x-forwarded-for'] ?? request.socket.remoteAddress ?? ''),
    networkOf: (address) => address.replace(/^(2001:db8):.*/, '$1::/64'),
    countConnections: (of) => registry.ofApp(of)?.size ?? 0,
    ...deps,
    surroundings: { clock, log, metrics },
    limits: { ...limits, ...changed },
  });
  const server: Server = createServer({ shouldUpgradeCallback: isWebSocketUpgrade }, (_request, response) => {
    response.end('plain');
  });
  gateway.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    await gateway.close();
    server.closeAllConnections();
    const ended = once(server, 'close');
    server.close();
    await ended;
  });
  return {
    ...{ gateway, registry, log, metrics, opened, closed, ran, port, router },
    dial: dialer(port),
    raw: rawDialer(port),
  };
}

export class TestClient {
  readonly ws: WebSocket;
  readonly frames: Record<string, unknown>[] = [];
  closedWith: { code: number; reason: string } | undefined;
  /** Status and body of an upgrade that was refused. */
  refused: { status: number; headers: Record<string, unknown>; body: string } | undefined;
  #changed = Promise.withResolvers<undefined>();

  constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data: Buffer) => this.#change(() => this.frames.push(JSON.parse(data.toString()))));
    ws.on('close', (code, reason) => this.#change(() => (this.closedWith ??= { code, reason: reason.toString() })));
    ws.on('error', () => this.#change(() => undefined));
    ws.on('open', () => this.#change(() => undefined));
    ws.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => {
        this.#change(() => (this.refused = { status: response.statusCode ?? 0, headers: response.headers, body }));
      });
    });
  }

  #change(apply: () => void): void {
    apply();
    this.#changed.resolve(undefined);
    this.#changed = Promise.withResolvers();
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await this.#changed.promise;
  }

  async open(): Promise<this> {
    await this.until(() => this.ws.readyState !== WebSocket.CONNECTING || this.refused !== undefined);
    return this;
  }

  send(frame: unknown): void {
    this.ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  async connect(userId = 'alice'): Promise<this> {
    await this.open();
    const already = this.frames.length;
    this.send({ id: 1, action: 'connect', data: { token: userId } });
    await this.until(() => this.frames.length > already || this.closedWith !== undefined);
    return this;
  }

  async close(): Promise<number> {
    await this.until(() => this.closedWith !== undefined);
    return this.closedWith?.code ?? 0;
  }

  async received(count: number): Promise<Record<string, unknown>[]> {
    await this.until(() => this.frames.length >= count || this.closedWith !== undefined);
    return this.frames;
  }
}

function dialer(port: number) {
  return (path = '/ws?app=demo', options: ClientOptions & { protocols?: string[] } = {}) => {
    const { protocols = ['belfry.v1'], ...rest } = options;
    const client = new TestClient(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, rest));
    onTestFinished(async () => {
      if (client.ws.readyState === WebSocket.CLOSED || client.refused !== undefined) return;
      client.ws.terminate();
      await client.close();
    });
    return client;
  };
}

/** A TCP connection that has sent `lines`; `answer` resolves with all bytes when the server hangs up. */
function rawDialer(port: number) {
  return (lines: readonly string[]) => {
    const socket: Socket = connectTcp(port, '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', () => undefined);
    const answer = once(socket, 'close').then(() => Buffer.concat(parts));
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    onTestFinished(() => void socket.destroy());
    return { socket, answer, received: () => Buffer.concat(parts) };
  };
}

export const upgradeLines = (
  change: Record<string, string | undefined> = {},
  target = 'GET /ws?app=demo',
): string[] => {
  const headers: Record<string, string | undefined> = {
    host: 'x',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...change,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [`${target} HTTP/1.1`, ...lines];
};

export function event(data: Record<string, unknown>, action = 'lab_result'): Encoded {
  return encode({ action, timestamp: '2026-01-01T00:00:00.000Z', data });
}

/** Lets the bytes of real sockets through while a virtual clock stands. */
export async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await turn();
}
