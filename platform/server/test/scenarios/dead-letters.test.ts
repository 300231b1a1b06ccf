// Pushes that were given up, over a whole server: listed, replayed after the provider is mended, dropped.
// Quotas are quotas.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { broadcast, readJourney, recipientIn, registerDevice, succeed, untilPush } from '../support/clinic.ts';
import { webhookSecret } from '../support/provision.ts';
import { startPushReceiver, type PushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let refusing: PushReceiver;
let failing: PushReceiver;
let server: WholeServer;

beforeAll(async () => {
  [refusing, failing] = await Promise.all([startPushReceiver(), startPushReceiver()]);
  refusing.answerAlways({ status: 401 });
  failing.answerAlways({ status: 503 });
  const provider = (id: string, { url }: PushReceiver) => ({
    id,
    plugin: 'webhook',
    config: { url, secret: webhookSecret },
  });
  const providers = [provider('refusing', refusing), provider('failing', failing)];
  // Two attempts, so that using them up takes a second.
  server = await startWholeServer({ app: { providers }, env: { LIMIT_PUSH_MAX_ATTEMPTS: '2' } });
});
afterAll(async () => {
  await server.stop();
  await Promise.all([refusing, failing].map((receiver) => receiver.close()));
});

async function notify(userId: string, title = 'hear'): Promise<string> {
  const { id } = await broadcast(server, { kind: 'direct', audience: { users: [userId] }, data: { title } });
  return String(id);
}

interface Letter {
  id: string;
  cause: string;
  messageId: string;
  userId: string;
}
async function dead(query = ''): Promise<Letter[]> {
  // Written by the contract of the route, which the schema of its answer holds it to.
  return (await succeed(server.api('GET', `/push/dead${query}`), 'dead'))['deadLetters'] as Letter[];
}
async function stateOf(id: string): Promise<Record<string, unknown> | undefined> {
  const { providers } = await succeed(server.api('GET', '/providers'), 'providers');
  return (providers as Record<string, unknown>[]).find((provider) => provider['id'] === id);
}

describe('refused credentials', () => {
  test('pause the provider, keep what comes meanwhile, and are sent once it is mended, resumed and replayed', async () => {
    await registerDevice(server, 'patient', { provider: 'refusing' });
    const first = await notify('patient', 'one');
    await untilPush(server, first, { userId: 'patient', reason: 'credentials_rejected' });
    expect(await stateOf('refusing')).toMatchObject({ state: 'paused', pausedAt: expect.any(String) });

    const request = { kind: 'direct', audience: { users: ['patient'] }, data: { title: 'two' } };
    const explained = await succeed(server.api('POST', '/broadcasts/explain', request), 'explain');
    expect(explained['counts']).toMatchObject({ credentials_rejected: 1 });
    const second = await notify('patient', 'two');
    await expect.poll(() => dead('?provider=refusing')).toHaveLength(2);
    expect(await dead('?provider=refusing')).toMatchObject(
      [second, first].map((messageId) => ({
        messageId,
        cause: 'credentials_rejected',
        userId: 'patient',
        provider: 'refusing',
      })),
    );
    expect(recipientIn(await readJourney(server, second), 'patient')?.push).toMatchObject([
      { reason: 'credentials_rejected', attempts: [] },
    ]);
    // Before it is mended, a replay comes to the same.
    expect((await server.api('POST', '/push/dead/replay', { provider: 'refusing' })).body).toEqual({ replayed: 2 });
    await expect.poll(async () => (await server.api('GET', '/push/queue')).body).toMatchObject({ dead: 1, waiting: 0 });
    expect(refusing.pushes).toHaveLength(1);

    refusing.answerAlways({ status: 200 });
    const resumed = await server.api('POST', '/providers/refusing/resume');
    expect(resumed).toMatchObject({ status: 200, body: { provider: { id: 'refusing', state: 'on' } } });
    expect((await server.api('POST', '/push/dead/replay', { provider: 'refusing' })).body).toEqual({ replayed: 1 });
    await untilPush(server, second, { userId: 'patient', reason: 'accepted_by_provider' });
    expect(refusing.pushes.at(-1)?.body.notification).toMatchObject({ title: 'two', count: 2 });
    expect(await dead('?provider=refusing')).toEqual([]);
  });
});

describe('used-up attempts', () => {
  test('make a dead letter, which is listed page by page, survives a restart, is replayed or dropped by its id', async () => {
    await registerDevice(server, 'one', { provider: 'failing' });
    await registerDevice(server, 'two', { provider: 'failing' });
    const ids = [await notify('one'), await notify('two')];
    await expect.poll(() => dead('?provider=failing'), { timeout: 10_000 }).toHaveLength(2);
    await server.restart();

    const page = await succeed(server.api('GET', '/push/dead?limit=1&provider=failing'), 'page');
    const next = await succeed(
      server.api('GET', `/push/dead?limit=1&provider=failing&cursor=${String(page['nextCursor'])}`),
      'next page',
    );
    const letters = [page, next].flatMap(({ deadLetters }) => deadLetters as Letter[]);
    expect(letters.map(({ messageId }) => messageId).toSorted()).toEqual(ids.toSorted());
    expect(next['nextCursor']).toBeUndefined();
    expect((await server.api('GET', `/push/dead?cursor=${String(page['nextCursor'])}`)).status).toBe(400);

    failing.answerAlways({ status: 200 });
    const [replayed, dropped] = letters;
    expect((await server.api('POST', `/push/dead/${replayed?.id}/replay`)).status).toBe(202);
    expect((await server.api('DELETE', `/push/dead/${dropped?.id}`)).status).toBe(204);
    await untilPush(server, replayed?.messageId ?? '', {
      userId: replayed?.userId ?? '',
      reason: 'accepted_by_provider',
    });
    expect(await dead()).toEqual([]);
    for (const letter of letters) {
      expect((await server.api('POST', `/push/dead/${letter.id}/replay`)).status).toBe(404);
      expect((await server.api('DELETE', `/push/dead/${letter.id}`)).status).toBe(404);
    }
    expect((await server.api('POST', '/push/dead/never-was/replay')).status).toBe(404);
    expect((await server.api('POST', '/providers/never-was/resume')).status).toBe(404);
  });

  test('are no business of users', async () => {
    const token = await server.tokenOf('one');
    for (const [method, path] of [
      ['GET', '/push/dead'],
      ['GET', '/push/queue'],
      ['POST', '/push/dead/x/replay'],
      ['DELETE', '/push/dead/x'],
      ['POST', '/providers/failing/resume'],
    ] as const) {
      expect((await server.api(method, path, undefined, token)).status, path).toBe(403);
    }
  });
});
