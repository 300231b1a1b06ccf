// A stand-in for JPush, as strict as it is: it checks who calls, refuses fields that it does not know, and
// knows which devices there are.
import type { HttpAnswer, StandInRequest, StandInService } from '@belfry/plugin-kit/testing';

export interface JpushService {
  service: StandInService;
  pushes: Record<string, unknown>[];
  withdrawn: string[];
  /** Message ids that arrived. */
  received: Set<string>;
  /** The ids of each call that asked what arrived. */
  asked: string[][];
  /** The ids of pushes of calls for many that have a result. */
  answered(): string[];
}

const known: Readonly<Record<string, readonly string[]>> = {
  '': ['platform', 'audience', 'notification', 'message', 'options', 'callback', 'cid'],
  options: [
    ...['time_to_live', 'apns_production', 'apns_collapse_id', 'classification', 'third_party_channel'],
    ...['override_msg_id', 'test_model'],
  ],
  'notification.android': [
    ...['alert', 'title', 'channel_id', 'priority', 'category', 'badge_set_num', 'large_icon', 'intent', 'extras'],
    ...['style', 'big_text'],
  ],
  'notification.ios': [
    ...['alert', 'sound', 'badge', 'thread-id', 'interruption-level', 'mutable-content', 'content-available', 'extras'],
  ],
  'notification.hmos': ['alert', 'title', 'category', 'intent', 'badge_set_num', 'extras'],
};

export function jpushService(options: {
  appKey: string;
  masterSecret: string;
  devices: readonly string[];
}): JpushService {
  const pushes: Record<string, unknown>[] = [];
  const withdrawn: string[] = [];
  const received = new Set<string>();
  const asked: string[][] = [];
  const right = `Basic ${Buffer.from(`${options.appKey}:${options.masterSecret}`).toString('base64')}`;

  const count = (id: string): number => (received.has(id) ? 1 : 0);

  const givenIds = new Set<string>();
  const answered = new Map<string, unknown>();

  /** Under ids that were given out; under one that came before, the first result. */
  function takeMany(request: StandInRequest): HttpAnswer {
    const { pushlist } = request.json() as { pushlist: Record<string, Record<string, unknown>> };
    if (Object.keys(pushlist).some((id) => !givenIds.has(id))) return refusal(400, 1003, 'cid invalid');
    const answers = Object.entries(pushlist).map(([id, { target, ...entry }]) => {
      const before = answered.get(id);
      if (before !== undefined) return [id, before] as const;
      const { http, body } = take({ ...entry, audience: { registration_id: [target] } }, false);
      const answer: unknown = http === 200 ? JSON.parse(body as string) : body;
      answered.set(id, answer);
      return [id, answer] as const;
    });
    return { http: 200, body: Object.fromEntries(answers) };
  }

  function take(body: Record<string, unknown>, isValidation: boolean): HttpAnswer {
    const problem = problemOf(body, options.devices);
    if (problem !== undefined) return problem;
    const replaced = at(body, 'options.override_msg_id');
    if (replaced !== undefined && !pushes.some((_, index) => idOf(index) === replaced))
      return refusal(400, 1003, 'override_msg_id invalid');
    if (isValidation) return { http: 200, body: '{"sendno":"0","msg_id":"0"}' };
    pushes.push(body);
    // A number in the answer has more digits than JavaScript keeps.
    return { http: 200, body: `{"sendno":"0","msg_id":"${idOf(pushes.length - 1)}"}` };
  }

  return {
    ...{ pushes, withdrawn, received, asked },
    answered: () => [...answered.keys()],
    service(request) {
      if (request.headers['authorization'] !== right) return refusal(401, 1004, 'Basic authentication failed');
      const [, id] = /^\/v3\/push\/(\d+)$/.exec(request.path) ?? [];
      if (request.method === 'DELETE' && id !== undefined) {
        if (!pushes.some((_, index) => idOf(index) === id)) return refusal(400, 1003, 'msg_id invalid');
        withdrawn.push(id);
        return { http: 200, body: {} };
      }
      if (request.path === '/v3/received/detail') {
        const ids = (request.query.get('msg_ids') ?? '').split(',');
        asked.push(ids);
        if (ids.length > 100) return refusal(400, 3002, 'too many msg_ids');
        const counts = ids.map(
          (each) => `{"msg_id":${each},"jpush_received":null,"android_pns_received":${count(each)}}`,
        );
        return { http: 200, body: `[${counts.join(',')}]` };
      }
      if (request.path === '/v3/push/cid') {
        const from = givenIds.size;
        const wanted = Number(request.query.get('count'));
        const fresh = Array.from({ length: wanted }, (_, n) => `${options.appKey}-${from + n}`);
        for (const each of fresh) givenIds.add(each);
        return { http: 200, body: { cidlist: fresh } };
      }
      if (request.method !== 'POST') return refusal(405, 1001, 'Only POST');
      if (request.path === '/v3/push/batch/regid/single') return takeMany(request);
      return take(request.json() as Record<string, unknown>, request.path.endsWith('/validate'));
    },
  };
}

function idOf(index: number): string {
  return `182825675712345678${index}`;
}

function problemOf(body: Record<string, unknown>, devices: readonly string[]): HttpAnswer | undefined {
  for (const [path, names] of Object.entries(known)) {
    const part = path === '' ? body : at(body, path);
    const unknown = Object.keys(part ?? {}).find((name) => !names.includes(name));
    if (unknown !== undefined) return refusal(400, 1009, `${path}.${unknown} is unknown`);
  }
  if ((body['notification'] === undefined) === (body['message'] === undefined))
    return refusal(400, 1002, 'one of notification and message');
  if (Buffer.byteLength(JSON.stringify(at(body, 'notification.ios') ?? '')) > 2000)
    return refusal(400, 1005, 'too long');
  if (Buffer.byteLength(JSON.stringify(at(body, 'notification.android') ?? '')) > 4000)
    return refusal(400, 1005, 'too long');
  const badge = at(body, 'notification.android.badge_set_num');
  if (badge !== undefined && !(Number(badge) >= 1 && Number(badge) <= 99)) return refusal(400, 1003, 'badge_set_num');
  const ttl = Number(at(body, 'options.time_to_live'));
  if (Number.isFinite(ttl) && (ttl < 0 || ttl > 259_200)) return refusal(400, 1003, 'time_to_live');
  const [device] = (at(body, 'audience.registration_id') ?? []) as string[];
  return devices.includes(device ?? '') ? undefined : refusal(400, 1011, 'cannot find user by this audience');
}

function refusal(http: number, code: number, message: string): HttpAnswer {
  return { http, body: { error: { code, message } } };
}

function at(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (part: unknown, name) => (typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined),
      body,
    );
}
