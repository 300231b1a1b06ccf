// Every route of the console's API, asked by everybody: nobody, each role, the operator, the owner of another
// tenant. Which role a route wants is its row's; here it is proven that the row is kept.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminRoute } from '../../src/http/doors/admin/route.ts';
import { adminRouteTable } from '../../src/http/doors/admin/route-table.ts';
import { isAtLeast } from '../../src/accounts/roles.ts';
import { memberRoles, type MemberRole } from '../../src/ports/stores/accounts.ts';
import type { ConsoleAnswer, ConsoleClient } from '../support/console-client.ts';
import { startConsoleWorld, password, type ConsoleWorld } from '../support/console-world.ts';

let world: ConsoleWorld;
beforeAll(async () => void (world = await startConsoleWorld()), 60_000);
afterAll(() => world.server.stop());

type Somebody = 'nobody' | MemberRole | 'operator' | 'stranger';
const everybody: readonly Somebody[] = ['nobody', ...memberRoles, 'operator', 'stranger'];

function clientOf(who: Somebody): ConsoleClient {
  if (who === 'nobody') return world.browser();
  if (who === 'operator') return world.operator;
  return who === 'stranger' ? world.stranger : world.members[who];
}

const noLink = 'a'.repeat(43);
/** Fits the schema of each route; what it names is not there where it would be taken away. */
const bodies: Readonly<Record<string, unknown>> = {
  setUp: { code: 'X', email: 'x@example.org', name: 'X', password, tenantName: 'X' },
  // Anybody may try, and who tries often waits: it is enough that they get as far as the schema.
  signIn: {},
  signInWithCode: {},
  confirmSession: { password: 'another password' },
  changeAccount: { name: 'Changed' },
  changePassword: { current: 'another password', next: 'yet another password' },
  confirmTotp: { code: '000000' },
  removeTotp: { password: 'another password', code: '000000' },
  createTenant: { id: 'other', name: 'Other' },
  changeTenant: { name: 'Changed' },
  changeMember: { role: 'viewer' },
  createInvitation: { label: 'somebody', role: 'viewer' },
  acceptInvitation: {},
  resetPassword: { password },
  createApp: { template: 'none', key: 'new-app', name: 'New' },
  changeApp: { name: 'Changed' },
  putPage: { pattern: '/chat', enabled: true },
  revertPage: { pattern: '/none', version: 1 },
  changePages: { changes: [{ op: 'remove', ifVersion: 0, pattern: '/none' }] },
  getPageImpact: { changes: [{ op: 'remove', ifVersion: 0, pattern: '/none' }] },
  putKind: { action: 'lab', audience: 'users', durable: 'inbox' },
  previewMessage: { content: { text: 'hello' } },
  explainBroadcast: { kind: 'direct', audience: { users: ['nobody'] }, data: {} },
  sendBroadcast: { broadcast: { kind: 'direct', audience: { users: ['nobody'] }, data: {} }, expected: 1 },
  getAppImpact: { disabled: true },
  createKey: { name: 'other', scopes: ['*'] },
  rotateKey: { overlapSeconds: 60 },
  createSigningSecret: {},
  setJwksUrl: { url: 'https://login.example.com/keys' },
  checkJwksUrl: { url: 'https://127.0.0.1:1/keys' },
  inspectToken: { token: 'a.b.c' },
  createTrialToken: { userId: 'bob' },
  changeUserPreferences: { level: 'none' },
  sendTestEvent: {},
  closeConnections: { filter: { user: 'nobody' }, how: 'disconnect', expected: 0 },
  putConversationParticipant: { role: 'member' },
  explainNotice: { title: 'x' },
  sendNotice: { title: 'x', expected: 0 },
  switchPlayground: { on: false },
  makePlaygroundConversation: { userIds: ['ann'] },
  openView: { kind: 'connections', tab: 'a-tab-of-mine', window: {} },
  moveView: { window: {} },
  resendMessage: { to: 'unreached', expected: 0 },
  putWebhook: { url: 'https://crm.example.com/in', events: ['*'] },
  rotateWebhookSecret: { overlapSeconds: 60 },
  getWebhookReplayImpact: {},
  replayWebhookEvents: {},
};

/** Of routes that need one. */
const queries: Readonly<Record<string, string>> = { deletePage: '?pattern=/none' };

/** Ends the session that asks: proven in test/scenarios/console-sessions.test.ts. */
const endsItself = new Set(['signOut', 'endOtherSessions']);

function pathOf({ path, operationId = '' }: AdminRoute): string {
  return `${path}${queries[operationId] ?? ''}`
    .replace('{tenant}', 'clinic')
    .replace('{app}', 'demo')
    .replace('{account}', 'nobody-has-this-id')
    .replace('{token}', noLink)
    .replace('{user}', 'nothing-has-this-id')
    .replace('{kid}', 'nothing-has-this-kid')
    .replace('{kind}', 'nothing_has_this_name')
    .replace('{type}', 'text')
    .replace('{eventId}', '01890a5d-ac96-774b-bcce-b302099a8057')
    .replace('{id}', 'nothing-has-this-id');
}

function ask(who: Somebody, route: AdminRoute, headers: Record<string, string> = {}): Promise<ConsoleAnswer> {
  const body = bodies[route.operationId ?? ''];
  const given = route.body === undefined ? {} : { body };
  return clientOf(who).call(route.method.toUpperCase(), pathOf(route), { ...given, headers });
}

/** The refusal that the row promises; undefined where somebody is let in. */
function refusalOf({ role, path }: AdminRoute, who: Somebody): object | undefined {
  if (role === 'public') return undefined;
  if (who === 'nobody') return { status: 401, body: { code: 'unauthorized' } };
  if (role === 'self') return undefined;
  if (role === 'operator') return who === 'operator' ? undefined : { status: 403, body: { needs: 'operator' } };
  const thing = path.startsWith('/apps/') ? 'app' : 'tenant';
  const detail = `There is no such ${thing}, or the caller may not see it.`;
  if (who === 'operator' || who === 'stranger') return { status: 404, body: { code: 'not_found', detail } };
  return isAtLeast(who, role) ? undefined : { status: 403, body: { code: 'forbidden', needs: role } };
}

describe.each(adminRouteTable.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_name, route) => {
    const hasOne = route.body === undefined || Object.hasOwn(bodies, route.operationId ?? '');

    test('has a sample of its body', () => expect(hasOne).toBe(true));

    test.each(everybody)('keeps to its row for: %s', async (who) => {
      const refusal = refusalOf(route, who);
      if (refusal === undefined && endsItself.has(route.operationId ?? '')) return;
      const answer = await ask(who, route);
      if (refusal !== undefined) {
        expect(answer).toMatchObject(refusal);
        return;
      }
      // Let in: what is refused now is refused for another reason.
      expect([answer.status, answer.body?.code]).not.toEqual([401, 'csrf']);
      expect(answer.body?.needs).toBeUndefined();
      expect(answer.body?.detail ?? '').not.toMatch(/no such (?:tenant|app)|no session/);
    });

    if (route.marks.includes('version')) {
      test('refuses a change that names no version', async () => {
        const answer = await ask('owner', route);
        expect(answer).toMatchObject({ status: 428, body: { code: 'precondition_required' } });
      });
    }

    if (route.method === 'get') return;
    test('is refused without the text of the session, and from another page', async () => {
      const refused = { status: 403, body: { code: 'csrf' } };
      expect(await ask('owner', route, { 'x-belfry-csrf': 'x' })).toMatchObject(refused);
      expect(await ask('owner', route, { 'sec-fetch-site': 'cross-site' })).toMatchObject(refused);
      expect(await ask('nobody', route, { 'sec-fetch-site': 'same-site' })).toMatchObject(refused);
    });
  },
);

test('a change that stands in the table leaves a mark, unless it changes nothing that is kept', () => {
  const unmarked = adminRouteTable.filter(({ method, marks }) => method !== 'get' && !marks.includes('audit'));
  expect(unmarked.map(({ operationId }) => operationId)).toEqual([
    ...['signOut', 'confirmSession', 'createLiveToken'],
    // They ask.
    ...['getAppImpact', 'getPageImpact', 'previewMessage', 'explainBroadcast', 'checkJwksUrl', 'inspectToken'],
    // What somebody looks at is kept nowhere, what is counted is not changed, and a job has its entry when it begins.
    ...['openView', 'moveView', 'closeView', 'explainNotice', 'getWebhookReplayImpact'],
    'stopJob',
  ]);
});

test('the app of the console is nobody’s: it is in no list, and has no page', async () => {
  const { body } = await world.members.owner.get('/tenants/clinic/apps');
  expect(body.items).toEqual([expect.objectContaining({ app: 'demo' })]);
  expect(await world.members.owner.get('/apps/belfry-console')).toMatchObject({ status: 404 });
  expect(await world.operator.get('/apps/belfry-console')).toMatchObject({ status: 404 });
  const taken = { template: 'empty', key: 'belfry-mine', name: 'Mine' };
  expect(await world.members.owner.post('/tenants/clinic/apps', taken)).toMatchObject({ status: 422 });
});
