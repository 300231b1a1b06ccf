// The two apps of the workload, who is in them and how they behave. Both have the same ids of users and
// conversations, so that only the app distinguishes them.

import { createHmac } from 'node:crypto';
import { stringify } from 'yaml';
import type { DeviceType } from './history.ts';

export interface App {
  key: string;
  tenant: string;
  signingSecret: string;
  apiKey: string;
  cast: readonly Role[];
  conversations: readonly Conversation[];
}

export interface Conversation {
  id: string;
  stream: string;
  /** Everybody in it; the sender who uses HTTP alone too, where it writes. */
  users: readonly string[];
}

export interface Role {
  user: string;
  device: DeviceType;
  visible: boolean;
  /** `late`: after the wait for a push is over. */
  acks: 'prompt' | 'late' | 'never';
  habit: 'stays' | 'comes_and_goes' | 'stalls' | 'away';
  hasPhone: boolean;
  /** `window`: messages on their way at a time. `floods`: many at once, and gives up what is refused. */
  sends?: { window: number; everyMs: number } | 'floods';
  /** Goes when it is told to, before the connection is closed. */
  obeysGoaway?: boolean;
  /** Where it writes, one of a crowd; left out: as those of the small cast do. */
  writesIn?: readonly [string, ...string[]];
}

export const waitMs = 1000;
export const pushTimeoutMs = 1000;

/** A client that does all as it should; others differ from it. */
export const reader = { device: 'desktop', visible: true, acks: 'prompt', habit: 'stays', hasPhone: false } as const;

const castOfDemo: readonly Role[] = [
  { ...reader, user: 'ann', hasPhone: true, sends: { window: 1, everyMs: 150 } },
  { ...reader, user: 'ben', sends: { window: 4, everyMs: 120 }, obeysGoaway: true },
  {
    ...reader,
    user: 'cat',
    device: 'mobile',
    habit: 'comes_and_goes',
    hasPhone: true,
    sends: { window: 1, everyMs: 300 },
  },
  { ...reader, user: 'dan', visible: false, hasPhone: true, obeysGoaway: true },
  { ...reader, user: 'eve', acks: 'late', hasPhone: true },
  { ...reader, user: 'fay', acks: 'never', habit: 'comes_and_goes', hasPhone: true },
  { ...reader, user: 'gus', acks: 'never', habit: 'away', hasPhone: true },
  { ...reader, user: 'hal', habit: 'stalls' },
  { ...reader, user: 'ida', obeysGoaway: true },
  { ...reader, user: 'joe', acks: 'never', sends: 'floods' },
];

const castOfOther: readonly Role[] = [
  { ...reader, user: 'ann', sends: { window: 2, everyMs: 350 } },
  { ...reader, user: 'fay', habit: 'comes_and_goes', hasPhone: true },
  { ...reader, user: 'gus', acks: 'never', habit: 'away', hasPhone: true },
];

/** In c1 and c2; the others are in c1, and some in c2 as well. */
export const httpSender = 'ned';
const inSecond: ReadonlySet<string> = new Set(['ann', 'ben', 'cat', 'eve', 'gus', httpSender]);

/**
 * Nobody writes in it before the last word: no retry of an earlier push covers that. Ann writes, and two who never
 * acknowledge in the first app have phones: gus is away, so his push is made at once, and a server that is killed may
 * have been faster; fay is there, so hers is due after `waitMs`.
 */
export const unusedBefore = 'c3';

function conversationsOf(cast: readonly Role[]): Conversation[] {
  const users = [...cast.map(({ user }) => user), httpSender];
  return [
    { id: 'c1', stream: 'c:c1', users },
    { id: 'c2', stream: 'c:c2', users: users.filter((user) => inSecond.has(user)) },
    { id: unusedBefore, stream: `c:${unusedBefore}`, users: ['ann', 'fay', 'gus'] },
  ];
}

export const apps: readonly App[] = [
  {
    key: 'demo',
    tenant: 'clinic',
    signingSecret: 'the-first-secret-to-sign-tokens-with-in-tests',
    apiKey: 'bk_backend_0123456789abcdef0123456789abcdef',
    cast: castOfDemo,
    conversations: conversationsOf(castOfDemo),
  },
  {
    key: 'other',
    tenant: 'laboratory',
    signingSecret: 'another-secret-to-sign-tokens-with-in-tests-2',
    apiKey: 'bk_backend_fedcba9876543210fedcba9876543210',
    cast: castOfOther,
    conversations: conversationsOf(castOfOther),
  },
];

/**
 * Recipients of broadcasts into inboxes. `mobileOnly` of them is for ida, who has no mobile connection: she
 * gets a `skipped` for it.
 */
export const noticed = ['ann', 'fay', 'gus', 'ida'] as const;
export const skippedUser = 'ida';
export const floodedUser = 'hal';

export function inboxesOf(app: App): string[] {
  const users = app.cast.map(({ user }) => user);
  return [...noticed, floodedUser].filter((user) => users.includes(user));
}

export const hookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export function hookIdOf({ key }: App): string {
  return `results-of-${key}`;
}

const mapping = `{ 'kind': 'system_notification', 'audience': { 'users': users }, 'data': { 'title': key, 'body': 'by webhook' } }`;

/** The message and its place, in the text itself. */
export function keyOf(app: string, parts: readonly (string | number)[]): string {
  return [app, ...parts].join('/');
}

/** The key is the text up to the first space; the rest only takes room. */
export function keyIn(text: string): string {
  return text.split(' ', 1)[0] ?? text;
}

/** Of two hours ago, for 20 h: however a clock jumps by an hour, it is valid and not too long. */
export function tokenOf(app: App, userId: string): string {
  const seconds = Math.floor(Date.now() / 1000) - 2 * 3600;
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { sub: userId, aud: app.key, iat: seconds, exp: seconds + 20 * 3600 };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', app.signingSecret).update(signed).digest('base64url')}`;
}

export interface ProvisionTextOptions {
  /** Gets the app's key behind it. */
  providerUrl: string;
  plugin?: string;
  /** All that are to be there. */
  of?: readonly App[];
}

/** The provision file's text. */
export function provisionText({ providerUrl, plugin = 'webhook', of = apps }: ProvisionTextOptions): string {
  const page = { pattern: '/chat', enabled: true, requireAuth: true, autoConnect: true, connectionType: 'chat' };
  return stringify({
    tenants: of.map(({ key, tenant, signingSecret, apiKey }) => ({
      id: tenant,
      apps: [
        {
          key,
          signingSecret,
          apiKeys: [{ id: 'backend', secret: apiKey, scopes: ['*'] }],
          settings: { waitMs, deliveredMeans: 'visible' },
          limits: { requestsPerMinute: 1_000_000 },
          pages: [{ ...page, features: ['messaging', 'typing_indicator', 'read_receipts'] }],
          hooks: [{ id: `results-of-${key}`, secret: hookSecret, mapping }],
          providers: [
            {
              id: 'hook',
              plugin,
              config: { url: `${providerUrl}/${key}`, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' },
            },
          ],
        },
      ],
    })),
  });
}
