// A stand-in for Huawei's token address and Push Kit, as strict as they are: it knows its access tokens,
// verifies signed ones, and refuses bodies of the other interface.
import { constants, verify, type KeyObject } from 'node:crypto';
import type { HttpAnswer, StandInRequest, StandInService } from '@belfry/plugin-kit/testing';

export interface HuaweiService {
  service: StandInService;
  taken: { path: string; pushType: string | undefined; body: Record<string, unknown> }[];
  revoked: Record<string, unknown>[];
  tokens: { value: string; untilMs: number }[];
}

export function huaweiService(options: {
  clientId: string;
  clientSecret: string;
  projectId: string;
  key: KeyObject;
  nowMs: () => number;
  devices: readonly string[];
}): HuaweiService {
  const { clientId, clientSecret, projectId, key, nowMs, devices } = options;
  const made: HuaweiService = { service: answer, taken: [], revoked: [], tokens: [] };

  function answer(request: StandInRequest): HttpAnswer {
    if (request.path === '/oauth2/v3/token') return issue(new URLSearchParams(request.body));
    const bearer = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
    const isV3 = request.path.startsWith('/v3/');
    const isSigned = bearer.split('.').length === 3;
    if (isV3 && !isSigned) return says('80200001', 401);
    const problem = isSigned ? signedProblem(bearer) : accessProblem(bearer);
    if (problem !== undefined) return says(problem);
    const body = request.json() as Record<string, unknown>;
    const pushType = request.headers['push-type'];
    if (request.path === `/v1/${clientId}/messages:revoke`) {
      if (pushType !== '0' || typeof body['notifyId'] !== 'number') return says('80100003');
      made.revoked.push(body);
      return says('80000000');
    }
    if (request.path !== `/v1/${clientId}/messages:send` && request.path !== `/v3/${projectId}/messages:send`)
      return { http: 404, body: '' };
    const wrong = isV3 ? problemOfV3(body, pushType) : problemOfV1(body);
    if (wrong !== undefined) return says(wrong);
    const list = (at(body, isV3 ? 'target.token' : 'message.token') ?? []) as string[];
    if (!list.every((token) => devices.includes(token))) return says('80300007');
    if (at(body, 'validate_only') !== true) made.taken.push({ path: request.path, pushType, body });
    return { http: 200, body: { code: '80000000', msg: 'Success', requestId: `r${made.taken.length}` } };
  }

  function issue(form: URLSearchParams): HttpAnswer {
    const isRight = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    if (form.get('grant_type') !== 'client_credentials' || !isRight)
      return { http: 400, body: { error: 1101, error_description: 'invalid client' } };
    const token = { value: `access/${made.tokens.length}`, untilMs: nowMs() + 3_600_000 };
    made.tokens.push(token);
    return { http: 200, body: { access_token: token.value, expires_in: 3600, token_type: 'Bearer' } };
  }

  function accessProblem(bearer: string): string | undefined {
    const token = made.tokens.find(({ value }) => value === bearer);
    if (token === undefined) return '80200001';
    return token.untilMs > nowMs() ? undefined : '80200003';
  }

  function signedProblem(jwt: string): string | undefined {
    const [head = '', claims = '', signature = ''] = jwt.split('.');
    const { alg, kid } = decoded(head);
    const { iss, aud, iat, exp } = decoded(claims);
    const padded = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const isGenuine = verify('sha256', Buffer.from(`${head}.${claims}`), padded, Buffer.from(signature, 'base64url'));
    if (!isGenuine || alg !== 'PS256' || kid !== 'key-1' || iss !== 'account-1') return '80200001';
    if (aud !== 'https://oauth-login.cloud.huawei.com/oauth2/v3/token') return '80200001';
    if (Number(exp) - Number(iat) > 86_400) return '80300036';
    return Number(exp) * 1000 > nowMs() ? undefined : '80200005';
  }

  return made;
}

function problemOfV1(body: Record<string, unknown>): string | undefined {
  const message = at(body, 'message') as Record<string, unknown> | undefined;
  if (message === undefined || body['payload'] !== undefined) return '80100003';
  if (typeof message['data'] !== 'string') return '80100003';
  const ttl = at(message, 'android.ttl');
  if (ttl !== undefined && !(typeof ttl === 'string' && /^\d{1,7}s$/.test(ttl))) return '80100004';
  const group = Number(at(message, 'android.collapse_key') ?? -1);
  if (!(group >= -1 && group <= 100)) return '80100013';
  const id = at(message, 'android.notification.notify_id');
  if (id !== undefined && !(Number.isInteger(id) && Number(id) > 0 && Number(id) < 2 ** 31)) return '80100003';
  return Buffer.byteLength(JSON.stringify({ ...message, token: [] })) > 4096 + 600 ? '80300008' : undefined;
}

function problemOfV3(body: Record<string, unknown>, pushType: string | undefined): string | undefined {
  if (body['message'] !== undefined || at(body, 'target.token') === undefined) return '80100003';
  const isShown = at(body, 'payload.notification') !== undefined;
  if (pushType !== (isShown ? '0' : '6')) return '80100003';
  if (isShown && typeof at(body, 'payload.notification.clickAction.actionType') !== 'number') return '80100003';
  const ttl = Number(at(body, 'pushOptions.ttl'));
  if (!(ttl >= 1 && ttl <= 1_296_000)) return '80100004';
  const image = at(body, 'payload.notification.image');
  return image === undefined ? undefined : '80100022';
}

function says(code: string, http = 200): HttpAnswer {
  return { http, body: { code, msg: 'x', requestId: 'r' } };
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}

function at(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (part: unknown, name) => (typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined),
      body,
    );
}
