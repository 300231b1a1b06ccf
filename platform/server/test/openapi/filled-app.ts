// A server whose app has one of everything that only a server can make an id for, for tests that send the
// examples of the OpenAPI document.
import { uuidv7 } from 'uuidv7';
import { broadcast, putConversation, say, succeed } from '../support/clinic.ts';
import { callOnce } from '../hostile/http-call.ts';
import { apiKey, hookSecret } from '../support/provision.ts';
import { startPushReceiver } from '../support/push-receiver.ts';
import { signWebhook } from '../support/sign-webhook.ts';
import { SocketClient } from '../support/socket-client.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

export interface FilledApp {
  readonly server: WholeServer;
  readonly userToken: string;
  /**
   * What takes the place of ids in an operation's example, by parameter; `body` instead of the whole body.
   */
  idsFor(operationId: string): Promise<Record<string, unknown> | undefined>;
  stop(): Promise<void>;
}

const page = {
  enabled: true,
  requireAuth: true,
  autoConnect: true,
  connectionType: 'chat',
  features: ['messaging', 'typing_indicator', 'read_receipts', 'file_upload'],
};

export async function startFilledApp(): Promise<FilledApp> {
  const receiver = await startPushReceiver();
  const server = await startWholeServer({
    pushUrl: receiver.url,
    settings: { waitMs: 0 },
    env: { LIMIT_REQUESTS_PER_MINUTE: '1000000' },
    // Of its own, so that the file manages none that an example changes.
    app: { pages: [{ pattern: '/tested', ...page }], kinds: [], hooks: [] },
  });
  const { api } = server;
  await putConversation(server, 'ward-7', ['ann', 'bob', 'vera']);
  const target = { id: 'device of vera' };
  const registration = { userId: 'vera', provider: 'hook', deviceType: 'mobile', target };
  const { deviceId, renewal } = await succeed(api('POST', '/devices', registration), 'device');
  const { messageId } = await say(server, 'ward-7', { from: 'ann', text: 'is pushed to vera' });
  const [pushed] = await receiver.received(1);
  // A service that refuses the credentials makes dead letters of the pushes that follow.
  receiver.answerAlways({ status: 401 });
  await giveUp();
  const client = await SocketClient.connect(server, { userId: 'bob', page: '/tested' });
  const uploadId = await uploadText(server);
  await succeed(api('DELETE', '/users/somebody-who-left'), 'erasure');
  const deliveryId = await postWebhook();
  const url = 'http://127.0.0.1:9/in';
  await succeed(api('PUT', '/webhooks/crm', { url, events: ['message.stored'] }), 'webhook');
  await say(server, 'ward-7', { from: 'ann', text: 'is told outside' });
  const eventId = await firstId('/webhooks/crm/events', 'events');

  /** A dead letter of a push. */
  async function giveUp(): Promise<string> {
    await succeed(api('POST', '/providers/hook/resume'), 'resume');
    await broadcast(server, { kind: 'direct', audience: { users: ['vera'] }, data: { title: 'Is given up' } });
    return await firstId('/push/dead', 'deadLetters');
  }

  async function postWebhook(): Promise<string> {
    const mapping = "{ 'kind': 'direct', 'audience': { 'users': [patient] }, 'data': { 'title': 'Result' } }";
    await succeed(api('PUT', '/hooks/lab', { mapping, secret: hookSecret }), 'hook');
    const body = '{"patient":"ann"}';
    const signed = signWebhook({ id: uuidv7(), secret: hookSecret, body, timestamp: Math.floor(Date.now() / 1000) });
    const headers = { 'content-type': 'application/json', ...signed };
    await callOnce(server.url, '/hooks/lab', { method: 'POST', headers, body });
    return await firstId('/hooks/lab/deliveries', 'deliveries');
  }

  /** Of a list that is about to have something in it. The test's own time limit bounds the wait. */
  async function firstId(path: string, name: string): Promise<string> {
    for (;;) {
      const [first] = (await succeed(api('GET', path), path))[name] as { id: string }[];
      if (first !== undefined) return first.id;
    }
  }

  const ids = new Map<string, () => Record<string, unknown> | Promise<Record<string, unknown>>>([
    ...[
      ...['getMessage', 'editMessage', 'deleteMessage', 'getJourney', 'listReplies'],
      ...['addReaction', 'removeReaction', 'pinMessage', 'unpinMessage'],
    ].map((name) => [name, () => ({ id: messageId })] as const),
    ...['getUpload', 'deleteUpload'].map((name) => [name, () => ({ id: uploadId })] as const),
    ...['getDevice', 'removeDevice'].map((name) => [name, () => ({ id: deviceId })] as const),
    ['renewDevice', () => ({ id: deviceId, body: { credential: renewal, target: { id: 'another device of vera' } } })],
    ...['getHookDelivery', 'replayHookDelivery'].map((name) => [name, () => ({ deliveryId })] as const),
    ...['getWebhookEvent', 'replayWebhookEvent'].map((name) => [name, () => ({ eventId })] as const),
    ...['replayDeadPush', 'deleteDeadPush'].map((name) => [name, async () => ({ id: await giveUp() })] as const),
    ['closeConnection', () => ({ id: client.id })],
    ['reportPushOpened', () => ({ body: { token: pushed?.body.notification.data['openedToken'] } })],
  ]);

  return {
    server,
    userToken: await server.tokenOf('bob'),
    idsFor: async (operationId) => await ids.get(operationId)?.(),
    async stop() {
      await client.end();
      await server.stop();
      await receiver.close();
    },
  };
}

/** A form with a file, which no example can hold. */
async function uploadText({ url }: Pick<WholeServer, 'url'>): Promise<string> {
  const form = new FormData();
  form.set('userId', 'ann');
  form.set('file', new Blob(['some text']), 'notes.txt');
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${url}/api/v1/uploads`, { method: 'POST', headers, body: form });
  const made = (await response.json()) as Record<string, unknown>;
  if (response.status !== 201) throw new Error(`no upload: ${JSON.stringify(made)}`);
  return String(made['uploadId']);
}
