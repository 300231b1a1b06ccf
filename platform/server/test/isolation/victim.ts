// One app with something of everything in it, that nobody of another app or tenant may see or change. Each
// text in it says `top-secret`.

import { setTimeout as pause } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { putConversation, registerDevice, say, succeed } from '../support/clinic.ts';
import { startPushReceiver } from '../support/push-receiver.ts';
import { webhookSecret } from '../support/provision.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { SocketClient } from '../support/socket-client.ts';
import { openStoredData, redisTable } from '../support/stored-data.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

/** Ids of the victim's, by what they are of. */
export interface Victim {
  conversation: string;
  /** With nobody's messages in it. */
  quietConversation: string;
  user: string;
  message: string;
  device: string;
  connection: string;
  kind: string;
  pattern: string;
  provider: string;
  hook: string;
  /** Kept for the webhook `crm`, which is paused. */
  webhookEvent: string;
  delivery: string;
  upload: string;
  deadLetter: string;
  /** Of the lists of conversations, connections, hook deliveries and dead letters. */
  cursor: string;
  /** Of the list of users. */
  userCursor: string;
}

export const otherKey = 'bk_other_0123456789abcdef0123456789abcdef';
/** Of the victim's app, with a scope that no route wants. */
export const uselessKey = 'bk_useless_0123456789abcdef0123456789abcdef';

export interface IsolatedApps {
  readonly server: WholeServer;
  readonly victim: Victim;
  /** The victim's connection: is to receive nothing, and to stay open. */
  readonly client: SocketClient;
  /** A hash of every row of the victim's app. */
  digest(): Promise<string>;
  /** Waits until nothing of the victim's is on its way to the store. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const page = {
  enabled: true,
  requireAuth: true,
  autoConnect: true,
  connectionType: 'chat',
  features: ['messaging', 'typing_indicator', 'read_receipts', 'presence', 'file_upload', 'system_notifications'],
};

export async function startIsolatedApps(): Promise<IsolatedApps> {
  const receiver = await startPushReceiver();
  const mapping = "$assert(false, 'top-secret')";
  const server = await startWholeServer({
    pushUrl: receiver.url,
    settings: { waitMs: 0 },
    env: { LIMIT_REQUESTS_PER_MINUTE: '1000000', LIMIT_COMMANDS_PER_SECOND: '10000', LIMIT_COMMAND_BURST: '10000' },
    app: {
      apiKeys: [
        { id: 'backend', secret: 'bk_backend_0123456789abcdef0123456789abcdef', scopes: ['*'] },
        { id: 'useless', secret: uselessKey, scopes: ['tokens:read'] },
      ],
      hooks: [{ id: 'lab', secret: webhookSecret, mapping }],
    },
    moreTenants: [
      {
        id: 'others',
        apps: [
          {
            key: 'other',
            signingSecret: 'another-32-bytes-of-text-to-sign-tokens-with',
            apiKeys: [{ id: 'other', secret: otherKey, scopes: ['*'] }],
            pages: [{ pattern: '/chat', ...page, topics: ['*'] }],
          },
        ],
      },
    ],
  });
  const { api } = server;
  const pattern = '/victims-only';
  await succeed(api('PUT', '/pages', { pattern, ...page, topics: ['*'] }), 'page');
  await putConversation(server, 'c-victim', ['victor', 'vera']);
  await putConversation(server, 'c-second', ['victor']);
  const client = await SocketClient.connect(server, { userId: 'victor', page: pattern });
  // A user who was signed out once has a row already, so that none appears later.
  await succeed(api('POST', '/users/eve/sign-out'), 'eve');
  // A service that refuses the credentials makes a dead letter of the push.
  receiver.answerAlways({ status: 401 });
  const device = await registerDevice(server, 'vera', { target: 'top-secret' });
  const webhook = { url: 'https://crm.example.com/top-secret', events: ['message.stored'] };
  await succeed(api('PUT', '/webhooks/crm', webhook), 'webhook');
  await succeed(api('POST', '/webhooks/crm/pause'), 'pause');
  const { messageId: message } = await say(server, 'c-victim', { from: 'victor', text: 'top-secret' });
  await succeed(api('PUT', `/messages/${message}/reactions/%F0%9F%91%80?userId=victor`), 'reaction');
  await succeed(api('PUT', `/messages/${message}/pin`), 'pin');
  const notice = { kind: 'direct', audience: { users: ['victor'] }, data: { title: 'top-secret' } };
  await succeed(api('POST', '/broadcasts', notice), 'notice');
  const deadLetter = await firstId('/push/dead', 'deadLetters');
  const body = '{"text":"top-secret"}';
  const signed = signWebhook({ id: uuidv7(), secret: webhookSecret, body, timestamp: Math.floor(Date.now() / 1000) });
  await fetch(`${server.url}/hooks/lab`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signed },
    body,
  });
  const delivery = await firstId('/hooks/lab/deliveries', 'deliveries');
  const webhookEvent = await firstId('/webhooks/crm/events', 'events');
  const upload = await uploadFor('victor');
  const { nextCursor } = await succeed(api('GET', '/conversations?limit=1'), 'cursor');
  for (const userId of ['victor', 'vera']) {
    await succeed(api('PUT', `/users/${userId}`, { name: 'top-secret' }), userId);
  }
  await succeed(api('DELETE', '/users/erased-one'), 'erasure');
  await server.line(({ msg }) => msg === 'user erased');
  const { nextCursor: userCursor } = await succeed(api('GET', '/users?limit=1'), 'user cursor');
  await client.event('new_message');

  const stored = await openStoredData(server);

  async function digest(): Promise<string> {
    const rows: string[][] = [];
    for (const table of await stored.tables()) {
      // Redis has what comes and goes with time, and figures are written each minute.
      if (table === redisTable || table === 'figures') continue;
      const ofApp = (await stored.rows(table, ['demo'])).filter((row) => 'app' in row || table === 'journeys');
      const kept = table === 'api_keys' || table === 'users' ? withoutUse : plain;
      rows.push(ofApp.map((row) => JSON.stringify(row, kept)).toSorted());
    }
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  }

  async function settled(): Promise<void> {
    for (let before = ''; ;) {
      const now = await digest();
      if (now === before) return;
      before = now;
      await pause(500);
    }
  }

  /** Of a list that is about to have something in it. The test's own time limit bounds the wait. */
  async function firstId(path: string, name: string): Promise<string> {
    for (;;) {
      const found = (await succeed(api('GET', path), path))[name] as { id: string }[];
      if (found[0] !== undefined) return found[0].id;
    }
  }

  async function uploadFor(userId: string): Promise<string> {
    const form = new FormData();
    form.set('userId', userId);
    form.set('file', new Blob(['top-secret']), 'top-secret.txt');
    const headers = { authorization: 'Bearer bk_backend_0123456789abcdef0123456789abcdef' };
    const response = await fetch(`${server.url}/api/v1/uploads`, { method: 'POST', headers, body: form });
    const made = (await response.json()) as Record<string, unknown>;
    if (response.status !== 201) throw new Error(`no upload: ${JSON.stringify(made)}`);
    return String(made['id']);
  }

  await settled();
  return {
    server,
    client,
    victim: {
      conversation: 'c-victim',
      quietConversation: 'c-second',
      user: 'victor',
      message,
      device,
      connection: client.id,
      kind: 'lab_result',
      pattern,
      provider: 'hook',
      hook: 'lab',
      webhookEvent,
      delivery,
      upload,
      deadLetter,
      cursor: String(nextCursor),
      userCursor: String(userCursor),
    },
    digest,
    settled,
    async stop() {
      await stored.close();
      await client.end();
      await server.stop();
      await receiver.close();
    },
  };
}

const uses: ReadonlySet<string> = new Set([
  'version',
  'putId',
  'lastUsedAt',
  'lastAddress',
  'lastSeenAt',
  'last_seen_at',
]);

/** When a key was used last, and from where, or a user seen, stands in its row: to be used is no change of it. */
function withoutUse(name: string, value: unknown): unknown {
  if (uses.has(name)) return undefined;
  return name === 'body' && typeof value === 'string' ? JSON.parse(value) : plain(name, value);
}

/** Blobs as text, so that they can be compared. */
function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
