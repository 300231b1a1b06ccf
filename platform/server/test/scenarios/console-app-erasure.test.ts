// An app that an owner deletes: off and out of sight at once, its data and files gone, its key free at the end. Against
// a whole server, whose clock is turned.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../src/compose/open-engine.ts';
import { createSystemClock } from '../../src/drivers/clock.ts';
import { allTablesOf, blobsIn, leftOf } from '../erasure/left-of.ts';
import { isOnCluster } from '../support/engine-under-test.ts';
import { redisTable } from '../support/stored-data.ts';
import { done, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

const key = 'unmistakable-app';
const made = { template: 'chat', key, name: 'Of nobody' };
let offsetMs = 0;
let world: ConsoleWorld;

beforeAll(async () => {
  const system = createSystemClock();
  const clock = { ...system, now: () => system.now() + offsetMs };
  world = await startConsoleWorld({
    foundation: { openEngine: (config, deps) => openEngine(config, { ...deps, clock }) },
  });
});
afterAll(() => world.server.stop());

/** As the app's back end. */
function callerWith(apiKey: string) {
  return async (method: string, path: string, body: object | FormData): Promise<number> => {
    const isForm = body instanceof FormData;
    const headers = { authorization: `Bearer ${apiKey}`, ...(isForm ? {} : { 'content-type': 'application/json' }) };
    const request = { method, headers, body: isForm ? body : JSON.stringify(body) };
    return (await fetch(`${world.server.url}/api/v1${path}`, request)).status;
  };
}

async function fill(call: ReturnType<typeof callerWith>): Promise<void> {
  const form = new FormData();
  form.set('userId', 'ann');
  form.set('file', new Blob(['a file']), 'a.txt');
  expect(await call('POST', '/uploads', form)).toBe(201);
  expect(await call('PUT', '/users/ann', { name: 'Ann' })).toBe(200);
  const participants = [{ userId: 'ann' }, { userId: 'ben' }];
  expect(await call('PUT', '/conversations/ward', { participants })).toBeLessThan(300);
  const message = { senderId: 'ann', cid: 'c1', type: 'text', content: { text: 'hello' } };
  expect(await call('POST', '/conversations/ward/messages', message)).toBe(201);
}

test('an app that is deleted shuts everybody out at once, and at the end there is nothing of it but its audit', async () => {
  const { server, members } = world;
  const { owner, admin } = members;
  const { apiKey } = (await done(owner.post('/tenants/clinic/apps', made))).body;
  const call = callerWith(apiKey);
  await fill(call);
  expect(blobsIn(server.server.dataDir)).toBe(1);
  const path = `/apps/${key}`;
  const headers = { 'if-match': (await done(owner.get(path))).headers.get('etag') ?? '' };
  expect(await admin.call('DELETE', path, { headers })).toMatchObject({ status: 403 });
  expect(await owner.call('DELETE', path)).toMatchObject({ status: 428 });
  const { status, body } = await owner.call('DELETE', path, { headers });
  expect(status).toBe(202);
  expect(await owner.get(path)).toMatchObject({ status: 404 });
  const keys = (of: { app: string }[]): string[] => of.map(({ app }) => app);
  expect(keys((await done(owner.get('/tenants/clinic/apps'))).body.items)).toEqual(['demo']);
  expect(keys((await done(owner.get('/session'))).body.tenants[0].apps)).toEqual(['demo']);
  expect([401, 403]).toContain(await call('PUT', '/users/ann', { name: 'Late' }));
  expect(await owner.post('/tenants/clinic/apps', made)).toMatchObject({ status: 409 });
  offsetMs += 11_000;
  await expect
    .poll(async () => (await done(owner.get(`/jobs/${body.job.id}`))).body, { timeout: 20_000 })
    .toMatchObject({ state: 'done', done: 100, of: 100 });
  // In Redis: how often its key has called, until the minute is over.
  expect(Object.keys(await leftOf(server, [key]))).toEqual(isOnCluster() ? ['audit', redisTable] : ['audit']);
  expect((await allTablesOf(server)).length).toBeGreaterThan(30);
  expect(blobsIn(server.server.dataDir)).toBe(0);
  expect(await owner.post('/tenants/clinic/apps', made)).toMatchObject({ status: 201 });
});

test('an app that the provision file has is not deleted here', async () => {
  const { owner } = world.members;
  const headers = { 'if-match': (await done(owner.get('/apps/demo'))).headers.get('etag') ?? '' };
  expect(await owner.call('DELETE', '/apps/demo', { headers })).toMatchObject({
    status: 409,
    body: { code: 'managed_by_file' },
  });
});
