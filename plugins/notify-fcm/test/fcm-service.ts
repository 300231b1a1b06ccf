// A stand-in for Google's token address and for FCM, as strict as they are: it verifies the assertion, knows
// which tokens it gave out and when they end, and refuses messages that FCM would refuse.
import { createVerify, type KeyObject } from 'node:crypto';
import type { HttpAnswer, StandInRequest, StandInService } from '@belfry/plugin-kit/testing';

interface Issued {
  token: string;
  untilMs: number;
}

export interface FcmService {
  readonly service: StandInService;
  /** The messages that were taken, oldest first; those that were only validated are not among them. */
  readonly messages: readonly Record<string, unknown>[];
  readonly tokens: readonly Issued[];
  /** Withdraws all tokens. */
  revoke(): void;
}

const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export function fcmService({
  key,
  nowMs,
  answers = new Map(),
}: {
  key: KeyObject;
  nowMs: () => number;
  /** By device token. */
  answers?: ReadonlyMap<string, HttpAnswer>;
}): FcmService {
  const messages: Record<string, unknown>[] = [];
  const tokens: Issued[] = [];

  function issue(request: StandInRequest): HttpAnswer {
    const form = new URLSearchParams(request.body);
    const problem =
      form.get('grant_type') === grant ? assertionProblem(form.get('assertion') ?? '', request) : 'wrong grant_type';
    if (problem !== undefined) return { http: 400, body: { error: 'invalid_grant', error_description: problem } };
    const issued = { token: `ya29.${tokens.length}`, untilMs: nowMs() + 3_599_000 };
    tokens.push(issued);
    return { http: 200, body: { access_token: issued.token, expires_in: 3599, token_type: 'Bearer' } };
  }

  function assertionProblem(assertion: string, { path, headers }: StandInRequest): string | undefined {
    const [head = '', claims = '', signature = ''] = assertion.split('.');
    const { alg, kid } = decoded(head);
    if (alg !== 'RS256' || kid !== 'key-1') return 'wrong header';
    const isGenuine = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(key, signature, 'base64url');
    if (!isGenuine) return 'Invalid JWT Signature.';
    const { iss, scope, aud, iat, exp } = decoded(claims);
    const now = nowMs() / 1000;
    if (iss !== 'push@demo-project.iam.gserviceaccount.com') return 'Invalid grant: account not found';
    if (scope !== 'https://www.googleapis.com/auth/firebase.messaging') return 'wrong scope';
    if (aud !== `http://${headers['host'] ?? ''}${path}`) return 'Invalid JWT: wrong audience';
    const isTimely =
      typeof iat === 'number' && typeof exp === 'number' && exp - iat <= 3600 && exp > now && iat <= now + 60;
    return isTimely ? undefined : "Invalid JWT: Token must be a short-lived token; check your 'iat' and 'exp' values";
  }

  function take(request: StandInRequest): HttpAnswer {
    if (request.path !== '/v1/projects/demo-project/messages:send') return refusal(404, 'NOT_FOUND', {});
    const bearer = request.headers['authorization']?.replace(/^Bearer /, '');
    if (!tokens.some(({ token, untilMs }) => token === bearer && untilMs > nowMs()))
      return refusal(401, 'UNAUTHENTICATED', {});
    const { message, validate_only: isDryRun = false, ...unknown } = request.json() as Record<string, unknown>;
    if (Object.keys(unknown).length > 0 || !isRecord(message)) return invalid('Invalid JSON payload received.');
    const { token } = message;
    if (typeof token !== 'string' || token.length < 10)
      return invalid('The registration token is not a valid FCM registration token', 'message.token');
    const problem = messageProblem(message);
    if (problem !== undefined) return invalid(problem);
    const answer = answers.get(token);
    if (answer !== undefined) return answer;
    if (isDryRun !== true) messages.push(message);
    return { http: 200, body: { name: `projects/demo-project/messages/0:${messages.length}` } };
  }

  return {
    messages,
    tokens,
    service: (request) => (request.path === '/token' ? issue(request) : take(request)),
    revoke: () => void tokens.splice(0),
  };
}

function messageProblem(message: Record<string, unknown>): string | undefined {
  const { notification = {}, data = {}, android, apns } = message;
  if (!isRecord(data) || !isRecord(notification)) return 'wrong shape';
  for (const [name, value] of Object.entries(data)) {
    if (typeof value !== 'string') return `Invalid value at 'message.data.${name}' (TYPE_STRING)`;
    if (/^(from$|message_type$|google\.|gcm\.)/.test(name)) return `Invalid data payload key: ${name}`;
  }
  const ttl = isRecord(android) ? String(android['ttl']) : '';
  const seconds = Number(/^(\d+)s$/.exec(ttl)?.[1] ?? NaN);
  if (!(seconds >= 0 && seconds <= 2_419_200)) return 'TTL';
  const headers = isRecord(apns) && isRecord(apns['headers']) ? apns['headers'] : {};
  if (Object.values(headers).some((value) => typeof value !== 'string')) return 'apns.headers';
  if (headers['apns-push-type'] === 'background' && headers['apns-priority'] !== '5') return 'apns-priority';
  const bytes = Buffer.byteLength(JSON.stringify(notification)) + Buffer.byteLength(JSON.stringify(data));
  return bytes > 4096 ? 'Message is too big' : undefined;
}

function invalid(message: string, field?: string): HttpAnswer {
  return refusal(400, 'INVALID_ARGUMENT', { message, ...(field === undefined ? {} : { field }) });
}

function refusal(
  http: number,
  status: string,
  { message = status, field }: { message?: string; field?: string },
): HttpAnswer {
  const details = [
    { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: status },
    ...(field === undefined ? [] : [{ fieldViolations: [{ field }] }]),
  ];
  return { http, body: { error: { code: http, status, message, details: http === 404 ? [] : details } } };
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
