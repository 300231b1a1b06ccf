// Every change in the console leaves one entry in the audit, with what differs and without secrets: each row of
// the table that says so is carried out once.

import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { adminRouteTable } from '../../src/http/doors/admin/route-table.ts';
import { createClients } from '../support/clients.ts';
import { addFactor, entriesOf } from '../support/console-audit-entries.ts';
import { stepsOfPeople, type PeopleStep } from '../support/console-audit-people.ts';
import { stepsOfSending } from '../support/console-audit-sending.ts';
import { stepsOfWebhooks } from '../support/console-audit-webhooks.ts';
import type { ConsoleClient } from '../support/console-client.ts';
import { done, password, startConsoleWorld, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
const clients = createClients(() => world.server);
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterEach(() => clients.closeAll());
afterAll(() => world.server.stop());

interface Step extends PeopleStep {
  /** The tenant whose audit is looked at, and who looks. */
  tenant?: string;
  by?: () => ConsoleClient;
}

const replaced = { replaced: true };
/** All that must stand in no entry. */
const secrets = new Set<string>([password]);

function secret<T>(value: T): T {
  secrets.add(String(value));
  return value;
}

async function version(client: ConsoleClient, path: string): Promise<Record<string, string>> {
  const { headers } = await done(client.get(path));
  return { 'if-match': headers.get('etag') ?? '' };
}

let bo: ConsoleClient;
let boId = '';
let boLink = '';
let invitation = '';
let resetLink = '';
let totp: TOTP;
let recovery = '';
let challenge = '';
let kid = '';

const owner = () => world.members.owner;
const nextPassword = secret('another long password');
const tokenOf = (link: string) => secret(new URL(link).pathname.split('/').at(-1) ?? '');
/** Each code is good once: of the step before, of now, and of the one after. */
const codeOfStep = (steps: number) => totp.generate({ timestamp: Date.now() + steps * 30_000 });

const steps: Step[] = [
  ...stepsOfPeople(() => world, clients),
  ...stepsOfSending(() => world),
  ...stepsOfWebhooks(() => world, secret),
  {
    row: 'createInvitation',
    async run() {
      const answer = await owner().post('/tenants/clinic/invitations', { label: 'Bo from the ward', role: 'viewer' });
      boLink = tokenOf(answer.body.link);
      return answer;
    },
    expected: { action: 'invitation.create', after: { label: 'Bo from the ward', role: 'viewer' } },
  },
  {
    row: 'acceptInvitation',
    run() {
      bo = world.browser();
      return bo.post(`/invitations/${boLink}/accept`, { email: 'bo@example.org', name: 'Bo', password });
    },
    expected: { action: 'member.create', after: { role: 'viewer', email: 'bo@example.org' } },
  },
  {
    row: 'changeMember',
    async run() {
      boId = (await bo.get('/account')).body.id;
      const path = `/tenants/clinic/members/${boId}`;
      return owner().call('PATCH', path, { body: { role: 'developer' }, headers: { 'if-match': '"v1"' } });
    },
    expected: { action: 'member.update', before: { role: 'viewer' }, after: { role: 'developer' } },
  },
  {
    row: 'createResetLink',
    async run() {
      const answer = await owner().post(`/tenants/clinic/members/${boId}/reset-link`);
      resetLink = tokenOf(answer.body.link);
      return answer;
    },
    expected: { action: 'member.reset_link' },
  },
  {
    row: 'resetPassword',
    run: () => world.browser().post(`/resets/${resetLink}`, { password: nextPassword }),
    expected: { action: 'account.password', after: { password: replaced } },
  },
  {
    row: 'signIn',
    run: () => bo.post('/session', { email: 'bo@example.org', password: nextPassword }, { 'x-belfry-csrf': '' }),
    expected: { action: 'session.begin' },
  },
  {
    row: 'endOtherSessions',
    async run() {
      await world.browser().post('/session', { email: 'bo@example.org', password: nextPassword });
      return bo.call('DELETE', '/account/sessions');
    },
    // With the sign-in before it.
    expected: { action: 'session.end', before: { sessions: 1 } },
  },
  {
    row: 'endSession',
    async run() {
      await world.browser().post('/session', { email: 'bo@example.org', password: nextPassword });
      const { body } = await bo.get('/account/sessions');
      const sessions = body as { id: string; current: boolean }[];
      const other = sessions.find(({ current }) => !current);
      return bo.call('DELETE', `/account/sessions/${other?.id ?? ''}`);
    },
    expected: { action: 'session.end' },
  },
  {
    row: 'changeAccount',
    async run() {
      const headers = await version(bo, '/account');
      return bo.call('PATCH', '/account', { body: { name: 'Bo Li', theme: 'dark' }, headers });
    },
    expected: {
      action: 'account.update',
      before: { name: 'Bo', theme: 'system' },
      after: { name: 'Bo Li', theme: 'dark' },
    },
  },
  {
    row: 'changePassword',
    run: () => bo.call('PUT', '/account/password', { body: { current: nextPassword, next: password } }),
    expected: { action: 'account.password', before: { password: replaced }, after: { password: replaced } },
  },
  {
    row: 'beginTotp',
    async run() {
      const answer = await bo.post('/account/totp');
      const key = secret(new URL(answer.body.uri).searchParams.get('secret') ?? '');
      totp = new TOTP({ secret: Secret.fromBase32(key) });
      return answer;
    },
    expected: { action: 'account.totp.begin', after: { totp: replaced } },
  },
  {
    row: 'confirmTotp',
    async run() {
      const answer = await bo.call('PUT', '/account/totp', { body: { code: codeOfStep(-1) } });
      expect(answer.body.recoveryCodes).toHaveLength(10);
      recovery = secret(answer.body.recoveryCodes[0]);
      return answer;
    },
    expected: { action: 'account.totp.add', before: { totp: false }, after: { totp: true } },
  },
  {
    row: 'signInWithCode',
    async run() {
      const first = await world.browser().post('/session', { email: 'bo@example.org', password });
      challenge = secret(first.body.challenge);
      return world.browser().post('/session/code', { challenge, recoveryCode: recovery });
    },
    expected: { action: 'session.begin' },
  },
  {
    row: 'removeTotp',
    run: () => bo.call('DELETE', '/account/totp', { body: { password, code: codeOfStep(1) } }),
    expected: { action: 'account.totp.remove', before: { totp: true }, after: { totp: false } },
  },
  {
    row: 'removeMember',
    run: () => owner().call('DELETE', `/tenants/clinic/members/${boId}`, { headers: { 'if-match': '"v2"' } }),
    expected: { action: 'member.delete', before: { role: 'developer' } },
  },
  {
    row: 'withdrawInvitation',
    async run() {
      const made = await owner().post('/tenants/clinic/invitations', { label: 'nobody', role: 'owner' });
      tokenOf(made.body.link);
      invitation = made.body.id;
      return owner().call('DELETE', `/tenants/clinic/invitations/${invitation}`);
    },
    expected: { action: 'invitation.delete', before: { label: 'nobody', role: 'owner' } },
  },
  {
    row: 'createApp',
    async run() {
      const app = { template: 'chat', key: 'ward', name: 'Ward' };
      const answer = await owner().post('/tenants/clinic/apps', app);
      secret(answer.body.apiKey);
      return answer;
    },
    expected: { action: 'app.create', after: { key: 'ward', name: 'Ward', template: 'chat', apiKey: replaced } },
  },
  {
    row: 'putPage',
    run() {
      const body = { pattern: '/ward', enabled: true, features: ['messaging'] };
      return owner().call('PUT', '/apps/ward/pages', { body, headers: { 'if-match': '"v0"' } });
    },
    expected: {
      ...{ action: 'page.create', object: { type: 'page', id: '/ward' } },
      after: { enabled: true, features: ['messaging'] },
    },
  },
  {
    row: 'changePages',
    run() {
      const policy = { pattern: '/ward', enabled: true, features: [] };
      return owner().post('/apps/ward/pages/changes', { changes: [{ op: 'put', ifVersion: 1, policy }], note: 'off' });
    },
    expected: { action: 'page.update', before: { features: ['messaging'] }, after: { features: [], note: 'off' } },
  },
  {
    row: 'deletePage',
    run: () => owner().call('DELETE', '/apps/ward/pages?pattern=/ward', { headers: { 'if-match': '"v2"' } }),
    expected: { action: 'page.delete', before: { enabled: true } },
  },
  {
    row: 'revertPage',
    async run() {
      const [first] = (await owner().get('/apps/ward/pages')).body.pages;
      const put = { ...{ pattern: first.pattern, enabled: true }, features: ['debug'] };
      await owner().post('/apps/ward/pages/changes', { changes: [{ op: 'put', ifVersion: 1, policy: put }] });
      const body = { pattern: first.pattern, version: 1 };
      return owner().call('POST', '/apps/ward/pages/revert', { body, headers: { 'if-match': '"v2"' } });
    },
    // With the change before it.
    expected: { action: 'page.update', before: { features: ['debug'] } },
  },
  {
    row: 'changeApp',
    async run() {
      const headers = await version(owner(), '/apps/ward');
      const body = { disabled: true, settings: { waitMs: 7000 } };
      return owner().call('PATCH', '/apps/ward', { body, headers });
    },
    expected: { action: 'app.update', before: { disabled: false }, after: { disabled: true } },
  },
  {
    row: 'createKey',
    async run() {
      const answer = await owner().post('/apps/ward/keys', { name: 'backend', scopes: ['messages:write'] });
      secret(answer.body.secret);
      return answer;
    },
    expected: { action: 'key.create', after: { name: 'backend', scopes: ['messages:write'], secret: replaced } },
  },
  {
    row: 'rotateKey',
    async run() {
      const answer = await owner().post('/apps/ward/keys/backend/rotate', { overlapSeconds: 3600 });
      secret(answer.body.secret);
      return answer;
    },
    expected: { action: 'key.rotate', before: { secret: replaced }, after: { overlapSeconds: 3600, secret: replaced } },
  },
  {
    row: 'removeKey',
    run: () => owner().call('DELETE', '/apps/ward/keys/backend'),
    expected: { action: 'key.delete', before: { scopes: ['messages:write'] } },
  },
  {
    row: 'createSigningSecret',
    async run() {
      const answer = await owner().post('/apps/ward/signing/secrets', {});
      secret(answer.body.secret);
      kid = answer.body.kid;
      return answer;
    },
    expected: { action: 'signing.create', after: { secret: replaced } },
  },
  {
    row: 'removeSigningSecret',
    run: () => owner().call('DELETE', `/apps/ward/signing/secrets/${kid}`),
    expected: { action: 'signing.delete', before: { secret: replaced } },
  },
  {
    row: 'setJwksUrl',
    run: () => owner().call('PUT', '/apps/ward/signing/jwks', { body: { url: 'https://127.0.0.1:1/keys' } }),
    expected: {
      action: 'signing.update',
      before: { jwksUrl: null },
      after: { jwksUrl: 'https://127.0.0.1:1/keys' },
    },
  },
  {
    row: 'createTrialToken',
    async run() {
      const answer = await owner().post('/apps/ward/tokens', { userId: 'bob' });
      secret(answer.body.token);
      return answer;
    },
    expected: { action: 'token.create', object: { type: 'user', id: 'bob' }, after: { expiresInSeconds: 900 } },
  },
  {
    row: 'changeTenant',
    async run() {
      const headers = await version(owner(), '/tenants/clinic');
      return owner().call('PATCH', '/tenants/clinic', { body: { requireTotpFrom: 'admin' }, headers });
    },
    expected: { action: 'tenant.update', before: { requireTotpFrom: null }, after: { requireTotpFrom: 'admin' } },
  },
  {
    row: 'createTenant',
    run: () => world.operator.post('/tenants', { id: 'fresh', name: 'Fresh' }),
    ...{ tenant: 'fresh', by: () => world.operator },
    expected: { action: 'tenant.create', after: { id: 'fresh', name: 'Fresh' } },
  },
];

test('each change that a row marks leaves one entry, with who, what and what differs', async () => {
  for (const { row, run, tenant = 'clinic', by = owner, expected } of steps) {
    // Before it is made, nobody sees a tenant.
    const before = row === 'createTenant' ? [] : await entriesOf(tenant, by());
    await done(run());
    if (row === 'changeTenant') await addFactor(owner());
    const after = await entriesOf(tenant, by());
    const fresh = after.slice(0, after.length - before.length).filter(({ action }) => action === expected.action);
    expect(fresh, row).toHaveLength(row === 'revertPage' ? 2 : 1);
    expect(fresh[0], row).toMatchObject(expected);
    expect(fresh[0]?.actor.type, row).toBe('account');
  }
  const all = JSON.stringify([await entriesOf('clinic', owner()), await entriesOf('fresh', world.operator)]);
  for (const each of secrets) expect(all, each).not.toContain(each);
}, 60_000);

test('every row that says that it leaves an entry was carried out', () => {
  const marked = adminRouteTable.filter(({ marks }) => marks.includes('audit')).map(({ operationId }) => operationId);
  // The first is part of the world of this test; the last takes the audit away with whoever may see it.
  const elsewhere = ['setUp', 'removeTenant'];
  expect([...elsewhere, ...steps.map(({ row }) => row)].toSorted()).toEqual(marked.toSorted());
});

test('the setup of the first administrator is an entry of each tenant that they own', async () => {
  const [entry] = (await entriesOf('hq', world.operator)).toReversed();
  expect(entry).toMatchObject({ action: 'account.setup', after: { email: 'op@example.org', role: 'owner' } });
});

test('a change that changes nothing leaves no entry and makes no version', async () => {
  const before = await entriesOf('clinic', owner());
  const headers = await version(owner(), '/apps/ward');
  const same = await done(owner().call('PATCH', '/apps/ward', { body: { disabled: true }, headers }));
  expect(same.headers.get('etag')).toBe(headers['if-match']);
  expect(await entriesOf('clinic', owner())).toEqual(before);
});

test('a change of another version than the one that is there says what is there, and who made it', async () => {
  const etag = (await version(owner(), '/apps/ward'))['if-match'] ?? '';
  const headers = { 'if-match': '"v1"' };
  const answer = await owner().call('PATCH', '/apps/ward', { body: { name: 'Late' }, headers });
  expect(answer).toMatchObject({
    status: 412,
    body: {
      code: 'precondition_failed',
      version: Number(/\d+/.exec(etag)?.[0]),
      changedBy: 'owner',
      current: { name: 'Ward', disabled: true },
    },
  });
  expect(Date.parse(answer.body.changedAt)).toBeGreaterThan(0);
});

test('a developer sees entries of apps, and none of people', async () => {
  const entries = await entriesOf('clinic', world.members.developer);
  const types = new Set([
    ...['app', 'broadcast', 'connection', 'conversation', 'device', 'key', 'kind', 'message', 'page', 'signing'],
    ...['provider', 'user', 'webhook'],
  ]);
  expect(new Set(entries.map(({ object }) => object.type))).toEqual(types);
  const [person] = (await entriesOf('clinic', owner())).filter(({ object }) => object.type === 'member');
  const path = `/tenants/clinic/audit/${(person as unknown as { id: string }).id}`;
  expect(await world.members.developer.get(path)).toMatchObject({ status: 404 });
  expect(await owner().get(path)).toMatchObject({ status: 200 });
});

test('entries are read page by page, and found by what they say', async () => {
  const all = await entriesOf('clinic', owner());
  const found: unknown[] = [];
  let cursor = '';
  do {
    const { body } = await done(owner().get(`/tenants/clinic/audit?limit=7${cursor}`));
    found.push(...body.items);
    cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(found).toEqual(all);
  const { body } = await done(owner().get('/tenants/clinic/audit?action=app.*&app=ward&q=WARD'));
  expect(body.items).toEqual(['app.update', 'app.create'].map((action) => expect.objectContaining({ action })));
});
