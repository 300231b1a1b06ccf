// A stand-in for Apple's push service over HTTP/2 alone, as strict as it is: it verifies the provider's token,
// its age and how often it changes, and the headers and the size of each push.
import { verify, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface ApplePushSeen {
  token: string;
  headers: IncomingHttpHeaders;
  payload: Record<string, unknown>;
}

export interface AppleService {
  url: string;
  /** The pushes that were taken. */
  taken: ApplePushSeen[];
  /** All provider tokens that came, each once. */
  providerTokens: Set<string>;
  sessions: Set<ServerHttp2Session>;
  close(): Promise<void>;
}

export interface Reason {
  status: number;
  reason: string;
  headers?: Record<string, string>;
}

interface AppleOptions {
  certificate: { cert: string; key: string };
  publicKey: KeyObject;
  nowMs: () => number;
  /** By device token. */
  reasons: ReadonlyMap<string, Reason>;
}

const minuteMs = 60_000;

export async function startAppleService(options: AppleOptions): Promise<AppleService> {
  const sessions = new Set<ServerHttp2Session>();
  const taken: ApplePushSeen[] = [];
  const signers = new Map<string, number>();
  const server: Http2SecureServer = createSecureServer({ ...options.certificate, allowHTTP1: false });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined).on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.on('end', () => {
      const body = Buffer.concat(chunks);
      const refused = problemOf(headers, body, { ...options, signers });
      const id = headers['apns-id'] ?? 'AA000000-0000-4000-8000-000000000000';
      if (refused === undefined) {
        const token = String(headers[':path']).slice('/3/device/'.length);
        taken.push({ token, headers, payload: JSON.parse(body.toString()) as Record<string, unknown> });
        stream.respond({ ':status': 200, 'apns-id': id });
        stream.end();
        return;
      }
      stream.respond({ ':status': refused.status, 'apns-id': id, ...refused.headers });
      stream.end(JSON.stringify({ reason: refused.reason }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ taken, sessions },
    url: `https://service.example:${port}`,
    get providerTokens() {
      return new Set(signers.keys());
    },
    async close() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type Checks = AppleOptions & { signers: Map<string, number> };

function problemOf(headers: IncomingHttpHeaders, body: Buffer, checks: Checks): Reason | undefined {
  const refused = (status: number, reason: string): Reason => ({ status, reason });
  const path = /^\/3\/device\/([0-9a-f]+)$/.exec(String(headers[':path']));
  if (headers[':method'] !== 'POST') return refused(405, 'MethodNotAllowed');
  if (path === null) return refused(404, 'BadPath');
  const unsigned = tokenProblem(String(headers.authorization), checks);
  if (unsigned !== undefined) return unsigned;
  if (headers['apns-topic'] === undefined) return refused(400, 'MissingTopic');
  if (!/^com\.example\.app(\.voip)?$/.test(String(headers['apns-topic']))) return refused(400, 'TopicDisallowed');
  const id = headers['apns-id'];
  if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(id)))
    return refused(400, 'BadMessageId');
  const type = headers['apns-push-type'];
  if (type !== 'alert' && type !== 'background') return refused(400, 'InvalidPushType');
  const priority = headers['apns-priority'];
  if (priority !== '5' && (type === 'background' || priority !== '10')) return refused(400, 'BadPriority');
  const collapse = headers['apns-collapse-id'];
  if (collapse !== undefined && Buffer.byteLength(String(collapse)) > 64) return refused(400, 'BadCollapseId');
  if (!/^\d{1,10}$/.test(String(headers['apns-expiration'] ?? '0'))) return refused(400, 'BadExpirationDate');
  if (body.length === 0) return refused(400, 'PayloadEmpty');
  if (body.length > 4096) return refused(413, 'PayloadTooLarge');
  const token = path[1] ?? '';
  if (/^0+$/.test(token)) return refused(400, 'BadDeviceToken');
  return checks.reasons.get(token);
}

function tokenProblem(authorization: string, { publicKey, nowMs, signers }: Checks): Reason | undefined {
  const refused = (reason: string, status = 403): Reason => ({ status, reason });
  const jwt = /^bearer (\S+)$/.exec(authorization)?.[1];
  if (jwt === undefined) return refused('MissingProviderToken');
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const { alg, kid } = decoded(head);
  const { iss, iat } = decoded(claims);
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isGenuine || alg !== 'ES256' || kid !== 'ABCDE12345' || iss !== 'TEAM123456')
    return refused('InvalidProviderToken');
  const ageMs = nowMs() - Number(iat) * 1000;
  if (!(ageMs <= 60 * minuteMs && ageMs > -minuteMs)) return refused('ExpiredProviderToken');
  const newestMs = Math.max(-Infinity, ...signers.values());
  if (!signers.has(jwt)) {
    if (nowMs() - newestMs < 20 * minuteMs) return refused('TooManyProviderTokenUpdates', 429);
    signers.set(jwt, nowMs());
  }
  return undefined;
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
