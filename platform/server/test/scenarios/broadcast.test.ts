// Broadcasts over HTTP: kinds, audiences, filters, batches, the answers of explain, and that an idempotency
// key outlives a restart.

import { broadcastResultSchema, explainResultSchema, type ExplainResult } from '@belfry/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClients } from '../support/clients.ts';
import {
  broadcast,
  putConversation,
  readJourney,
  recipientIn,
  registerDevice,
  say,
  succeed,
} from '../support/clinic.ts';
import type { SocketClient } from '../support/socket-client.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

vi.setConfig({ testTimeout: 30_000 });

let hook: PushReceiver;
let server: WholeServer;
const clients = createClients(() => server);

beforeAll(async () => {
  hook = await startPushReceiver();
  server = await startWholeServer({ pushUrl: hook.url, settings: { waitMs: 60_000 } });
});
afterAll(async () => {
  await clients.closeAll();
  await server.stop();
  await hook.close();
});

const send = async (request: unknown) => broadcastResultSchema.parse(await broadcast(server, request));

/** Everything of this action that came before the server answers a question asked now. */
async function got(client: SocketClient, action: string): Promise<Record<string, unknown>[]> {
  await client.barrier();
  return client.events(action).map(({ data }) => data);
}

describe('kinds', () => {
  test('a kind that waits shorter than the app has clients acknowledge sooner', async () => {
    const gathering = async () => (await clients.connect({ userId: 'gatherer' })).connected['ackWithinMs'];
    expect(await gathering()).toBe(1000);
    const alarm = {
      action: 'alarm',
      audience: 'users',
      durable: 'inbox',
      policy: { push: 'undelivered', waitMs: 1500 },
    };
    await succeed(server.api('PUT', '/kinds/alarm', alarm), 'kind');
    expect(await gathering()).toBe(300);
    expect((await server.api('DELETE', '/kinds/alarm')).status).toBe(204);
    expect(await gathering()).toBe(1000);
  });

  test('a kind of the provision file goes to the inbox of each in the conversation, under its own action', async () => {
    await putConversation(server, 'c-lab', ['lab.patient', 'lab.doctor']);
    await registerDevice(server, 'lab.doctor');
    const patient = await clients.connect({ userId: 'lab.patient' });
    const result = await send({
      kind: 'lab_result',
      audience: { conversation: 'c-lab' },
      data: { title: 'Result', body: 'ready', value: 7.2 },
    });
    expect(result).toMatchObject({ recipients: 2, decisions: { sent: 1, no_connection: 1, queued: 1, no_device: 1 } });
    const event = await patient.event('lab_result');
    expect(event).toMatchObject({
      stream: 'i:lab.patient',
      seq: 1,
      data: { messageId: result.id, title: 'Result', value: 7.2 },
    });
    const [push] = await hook.received(1, ({ body }) => body.userId === 'lab.doctor');
    expect(push?.body.notification).toMatchObject({ title: 'Result', priority: 'high', data: { value: 7.2 } });

    // A user who was away has it in the log.
    const doctor = await clients.connect({
      userId: 'lab.doctor',
      resume: [{ stream: 'i:lab.doctor', epoch: 'e1', seq: 0 }],
    });
    expect((await doctor.event('lab_result')).data).toMatchObject({ messageId: result.id });
  });

  test('a kind that is added by the API works at once, and is unknown again when it is taken away', async () => {
    const listener = await clients.connect({ userId: 'kind.listener' });
    const { status } = await server.api('PUT', '/kinds/bed_ready', {
      action: 'bed_ready',
      audience: 'users',
      policy: { push: 'never' },
    });
    expect(status).toBe(201);
    const request = { kind: 'bed_ready', audience: { users: ['kind.listener'] }, data: { bed: 4 } };
    expect((await send(request)).decisions).toEqual({ sent: 1, policy_never: 1 });
    expect(await got(listener, 'bed_ready')).toMatchObject([{ bed: 4 }]);
    expect((await server.api('DELETE', '/kinds/bed_ready')).status).toBe(204);
    const refused = await server.api('POST', '/broadcasts', request);
    expect([refused.status, refused.body['code']]).toEqual([422, 'unknown_kind']);
  });

  test('a direct message goes to one user, a consultant’s reply to the others of the conversation', async () => {
    await putConversation(server, 'c-kinds', ['k.one', 'k.two']);
    const [one, two] = [await clients.connect({ userId: 'k.one' }), await clients.connect({ userId: 'k.two' })];
    await send({ kind: 'direct', audience: { users: ['k.one'] }, data: { title: 'for you', body: 'alone' } });
    const reply = { type: 'text', content: { text: 'reply' } };
    await send({ kind: 'consultation_reply', sender: 'k.two', audience: { conversation: 'c-kinds' }, data: reply });
    expect(await got(one, 'direct_message')).toMatchObject([{ title: 'for you' }]);
    expect(await got(one, 'consultation_reply')).toMatchObject([{ senderId: 'k.two', content: { text: 'reply' } }]);
    expect(await got(two, 'direct_message')).toEqual([]);
  });

  test('an action with a policy of its own is delivered by it', async () => {
    await registerDevice(server, 'own.away');
    const desk = await clients.connect({ userId: 'own.desk' });
    const result = await send({
      action: 'call_back',
      policy: { realtime: ['desktop'], push: 'always', priority: 'urgent' },
      audience: { users: ['own.desk', 'own.away'] },
      data: { title: 'Call', body: 'back' },
    });
    expect(result.decisions).toEqual({ sent: 1, no_connection: 1, queued: 1, no_device: 1 });
    expect(await got(desk, 'call_back')).toMatchObject([{ title: 'Call' }]);
    const [push] = await hook.received(1, ({ body }) => body.userId === 'own.away');
    expect(push?.body.notification).toMatchObject({ priority: 'urgent' });
  });
});

describe('audiences', () => {
  test('an announcement to a topic reaches those who subscribed, one to everyone all whose page shows it', async () => {
    const token = await server.tokenOf('topic.token', { topics: ['ward-7'] });
    const [subscribed, other, chatting] = [
      await clients.connect({ token, page: '/admin' }),
      await clients.connect({ userId: 'topic.other', page: '/admin' }),
      await clients.connect({ userId: 'topic.chat' }),
    ];
    await subscribed.ask('subscribe', { topic: 'ward-7' });
    const toTopic = await send({ kind: 'announcement', audience: { topic: 'ward-7' }, data: { title: 'ward' } });
    expect(toTopic).toMatchObject({ recipients: 1, connections: 1, decisions: { sent: 1, policy_never: 1 } });
    await send({ kind: 'announcement', audience: { everyone: true }, data: { title: 'all' } });
    expect(await got(subscribed, 'announcement')).toMatchObject([{ title: 'ward' }, { title: 'all' }]);
    expect(await got(other, 'announcement')).toMatchObject([{ title: 'all' }]);
    expect(await got(chatting, 'announcement')).toEqual([]);

    await subscribed.ask('unsubscribe', { topic: 'ward-7' });
    const toNobody = await send({ kind: 'announcement', audience: { topic: 'ward-7' }, data: { title: 'gone' } });
    expect(toNobody).toMatchObject({ recipients: 0, decisions: {} });
  });

  test('filters narrow the connections, not the recipients', async () => {
    const phone = await clients.connect({ userId: 'filter.user', deviceType: 'mobile' });
    const desk = await clients.connect({ userId: 'filter.user' });
    const admin = await clients.connect({ userId: 'filter.user', page: '/admin' });
    const request = { kind: 'direct', data: { title: 'filtered' } };
    const byDevice = await send({ ...request, audience: { users: ['filter.user'], deviceTypes: ['mobile'] } });
    expect(byDevice).toMatchObject({ recipients: 1, decisions: { sent: 1, device_type_excluded: 2 } });
    const byPage = await send({ ...request, audience: { users: ['filter.user'], connectionTypes: ['admin'] } });
    expect(byPage).toMatchObject({ recipients: 1, decisions: { sent: 1, device_type_excluded: 2 } });
    expect((await got(phone, 'direct_message')).length).toBe(1);
    expect((await got(desk, 'direct_message')).length).toBe(0);
    expect((await got(admin, 'direct_message')).length).toBe(1);
  });

  test('some of a conversation can be named, and some left out', async () => {
    await putConversation(server, 'c-some', ['s.sender', 's.one', 's.two', 's.three']);
    const [one, two, three] = await Promise.all(
      ['s.one', 's.two', 's.three'].map((userId) => clients.connect({ userId })),
    );
    const result = await send({
      kind: 'message',
      sender: 's.sender',
      audience: { conversation: 'c-some' },
      targetUserIds: ['s.one', 's.two', 's.stranger'],
      exclude: ['s.two'],
      data: { type: 'text', content: { text: 'for one' } },
    });
    expect(result).toMatchObject({ recipients: 1, decisions: { sent: 1, not_a_member: 1 } });
    const received = [];
    for (const client of [one, two, three]) {
      if (client !== undefined) received.push((await got(client, 'new_message')).length);
    }
    expect(received).toEqual([1, 0, 0]);
    // Users it was not for learn that the seq is not missing, with the next that is for them.
    await say(server, 'c-some', { from: 's.sender', text: 'for all' });
    await three?.event('new_message');
    expect(three?.events('skipped').map(({ data }) => data)).toMatchObject([{ from: 1, to: 1 }]);
  });
});

describe('a batch', () => {
  const textOf = ({ content }: Record<string, unknown>) => (content as { text: string } | undefined)?.text;

  test('of 500 is answered one by one, in order, and a mistake costs only itself', async () => {
    const reader = await clients.connect({ userId: 'batch.reader' });
    const broadcasts = Array.from({ length: 500 }, (_, n) => ({
      kind: n === 250 ? 'no_such_kind' : 'direct',
      audience: { users: ['batch.reader'] },
      data: { title: `n ${n}` },
    }));
    const { results } = await succeed(server.api('POST', '/broadcasts/batch', { broadcasts }), 'batch');
    const answers = results as Record<string, unknown>[];
    expect(answers).toHaveLength(500);
    expect(answers[250]).toMatchObject({ code: 'unknown_kind', status: 422, detail: expect.any(String) });
    expect(answers.filter(({ id }) => id === undefined)).toHaveLength(1);
    await reader.event('direct_message', ({ seq }) => seq === 499);
    expect(reader.events('direct_message').map(({ data }) => data['title'])).toEqual(
      broadcasts.filter(({ kind }) => kind === 'direct').map(({ data }) => data.title),
    );
  });

  test('to one conversation is carried out in its order, also where some of it goes to the log and some does not', async () => {
    await putConversation(server, 'c-batch', ['batch.ann', 'batch.bob', 'batch.cy']);
    const cy = await clients.connect({ userId: 'batch.cy', deviceType: 'mobile' });
    const audience = { conversation: 'c-batch' };
    const message = (text: string) => ({
      ...{ kind: 'message', audience, sender: 'batch.ann', data: { type: 'text', content: { text } } },
    });
    const pulse = { action: 'pulse', audience, policy: { push: 'never' }, data: {} };
    const notice = { kind: 'mobile_notification', audience, data: { title: 'News' } };
    const read = { kind: 'read', audience, sender: 'batch.bob', data: { seq: 3 } };
    const broadcasts = [message('one'), pulse, message('two'), notice, message('three'), read, message('four')];
    const { results } = await succeed(server.api('POST', '/broadcasts/batch', { broadcasts }), 'batch');
    expect(results).toEqual(broadcasts.map(() => expect.objectContaining({ id: expect.any(String) })));
    await cy.event('new_message', ({ seq }) => seq === 4);
    expect(cy.frames.flatMap(({ id, action, data }) => (id === undefined ? [textOf(data) ?? action] : []))).toEqual([
      ...['one', 'pulse', 'two', 'mobile_notification', 'three', 'read_status', 'four'],
    ]);
  });

  test('answers a repeated key the second time as the first', async () => {
    await putConversation(server, 'c-twice', ['twice.ann', 'twice.bob']);
    const data = { type: 'text', content: { text: 'once' } };
    const said = { kind: 'message', audience: { conversation: 'c-twice' }, sender: 'twice.ann', data };
    const broadcasts = [said, { ...said, idempotencyKey: 'k-1' }, { ...said, idempotencyKey: 'k-1' }, said];
    const { results } = await succeed(server.api('POST', '/broadcasts/batch', { broadcasts }), 'batch');
    expect((results as Record<string, unknown>[]).map(({ seq, duplicate }) => [seq, duplicate])).toEqual([
      [1, false],
      [2, false],
      [2, true],
      [3, false],
    ]);
  });

  test('of 501 is refused whole', async () => {
    const broadcasts = Array.from({ length: 501 }, () => ({}));
    const { status } = await server.api('POST', '/broadcasts/batch', { broadcasts });
    expect(status).toBe(422);
  });
});

describe('explain predicts the broadcast', () => {
  interface Case {
    name: string;
    request: unknown;
  }

  const message = { type: 'text', content: { text: 'to be explained' } };
  const cases: Case[] = [
    {
      name: 'a message',
      request: { kind: 'message', sender: 'e.a', audience: { conversation: 'c-e' }, data: message },
    },
    {
      name: 'a consultation reply to some',
      request: {
        kind: 'consultation_reply',
        sender: 'e.a',
        audience: { conversation: 'c-e' },
        targetUserIds: ['e.b', 'e.away', 'e.stranger'],
        data: message,
      },
    },
    {
      name: 'a mobile notification',
      request: { kind: 'mobile_notification', audience: { conversation: 'c-e' }, data: { title: 'm' } },
    },
    {
      name: 'a system notification with a filter',
      request: {
        kind: 'system_notification',
        audience: { users: ['e.b', 'e.admin', 'e.away'], deviceTypes: ['desktop'] },
        data: { title: 's' },
      },
    },
    { name: 'a direct message', request: { kind: 'direct', audience: { users: ['e.away'] }, data: { title: 'd' } } },
    { name: 'an announcement', request: { kind: 'announcement', audience: { everyone: true }, data: { title: 'a' } } },
    {
      name: 'a policy of its own',
      request: {
        action: 'own_action',
        policy: { push: 'always', pushTo: ['desktop', 'mobile'], realtime: 'none' },
        audience: { conversation: 'c-e' },
        data: {},
      },
    },
  ];

  beforeAll(async () => {
    await putConversation(server, 'c-e', ['e.a', 'e.b', 'e.admin', 'e.away']);
    await Promise.all([
      clients.connect({ userId: 'e.a' }),
      clients.connect({ userId: 'e.b', deviceType: 'mobile' }),
      clients.connect({ userId: 'e.b', visible: false }),
      clients.connect({ userId: 'e.admin', page: '/admin' }),
      registerDevice(server, 'e.b'),
      registerDevice(server, 'e.away'),
      registerDevice(server, 'e.away', { deviceType: 'desktop' }),
    ]);
  });

  test.each(cases)('of $name', async ({ request }) => {
    const explained = explainResultSchema.parse(
      await succeed(server.api('POST', '/broadcasts/explain', request), 'explain'),
    );
    const result = await send(request);
    expect(result.decisions).toEqual(explained.counts);
    const journey = await readJourney(server, result.id);
    expect(journey.recipients.map(({ userId }) => userId)).toEqual(explained.recipients.map(({ userId }) => userId));
    for (const recipient of explained.recipients) {
      const then = recipientIn(journey, recipient.userId);
      expect(planned(then)).toEqual(planned(recipient));
    }
  });

  type Recipient = ExplainResult['recipients'][number] | NonNullable<ReturnType<typeof recipientIn>>;

  /** The first decision: a journey goes on from there. */
  function planned(recipient: Recipient | undefined): unknown {
    return {
      realtime: recipient?.realtime.map(({ connectionId, reason }) => [connectionId, reason]).toSorted(),
      reason: recipient?.reason,
      push: recipient?.push.map((device) => [
        device.deviceId,
        'steps' in device ? device.steps[0]?.reason : device.reason,
      ]),
      pushReason: recipient?.pushReason,
    };
  }

  test('without any effect', async () => {
    const { headSeq } = (await server.api('GET', '/conversations/c-e')).body['conversation'] as { headSeq: number };
    await succeed(server.api('POST', '/broadcasts/explain', cases[0]?.request), 'explain');
    expect((await server.api('GET', '/conversations/c-e')).body['conversation']).toMatchObject({ headSeq });
  });
});

test('the journey of a broadcast to more than 1,000 has counts alone', async () => {
  const users = Array.from({ length: 1001 }, (_, n) => `many.${n}`);
  await clients.connect({ userId: 'many.7' });
  await registerDevice(server, 'many.7');
  const request = { kind: 'direct', data: { title: 'to many' } };
  const many = await send({ ...request, audience: { users } });
  expect(many).toMatchObject({
    recipients: 1001,
    decisions: { sent: 1, no_connection: 1000, waiting_for_ack: 1, no_device: 1000 },
  });
  const counted = await readJourney(server, many.id);
  expect(counted.recipients).toEqual([]);
  expect(counted.counts).toEqual(many.decisions);

  const fewer = await send({ ...request, audience: { users: users.slice(1) } });
  expect((await readJourney(server, fewer.id)).recipients).toHaveLength(1000);
});

// Last, since it restarts the server.
test('the same idempotency key is answered as before, also after a restart, and does nothing', async () => {
  const reader = await clients.connect({ userId: 'once.reader' });
  const request = {
    kind: 'direct',
    audience: { users: ['once.reader'] },
    data: { title: 'once' },
    idempotencyKey: 'once-1',
  };
  const first = await send(request);
  expect(first).toMatchObject({ duplicate: false, recipients: 1, stream: 'i:once.reader', seq: 1 });
  expect(await send(request)).toEqual({ ...first, duplicate: true });
  expect((await got(reader, 'direct_message')).length).toBe(1);

  await clients.closeAll();
  await server.restart();
  expect(await send(request)).toEqual({ ...first, duplicate: true });
  const changed = await server.api('POST', '/broadcasts', { ...request, data: { title: 'twice' } });
  expect([changed.status, changed.body['code']]).toEqual([409, 'idempotency_conflict']);
  const back = await clients.connect({
    userId: 'once.reader',
    resume: [{ stream: 'i:once.reader', epoch: 'e1', seq: 0 }],
  });
  await back.event('direct_message');
  expect((await got(back, 'direct_message')).length).toBe(1);
});
