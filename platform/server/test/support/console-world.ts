// A whole server with a console that people are in: one of each role in a tenant, its operator, and the owner
// of another tenant.

import { memberRoles, type MemberRole } from '../../src/ports/stores/accounts.ts';
import { ConsoleClient } from './console-client.ts';
import { startWholeServer, type WholeServer, type WholeServerOptions } from './whole-server.ts';

export const password = 'a password of the test';

export interface ConsoleWorld {
  server: WholeServer;
  /** A browser that is not signed in. */
  browser: () => ConsoleClient;
  /** Operator; in no tenant but `hq`. */
  operator: ConsoleClient;
  /** Of the tenant `clinic`, which has the app `demo`. */
  members: Record<MemberRole, ConsoleClient>;
  /** Owner of the tenant `other`. */
  stranger: ConsoleClient;
  /** Ids of accounts, by role. */
  accounts: Record<MemberRole, string>;
}

/** The tenants of it beside `clinic`. */
export const worldTenants = [{ id: 'other' }, { id: 'hq' }];

export async function startConsoleWorld(options: WholeServerOptions = {}): Promise<ConsoleWorld> {
  return await peopleOf(await startWholeServer({ ...options, moreTenants: worldTenants }));
}

/** Of a server that has nobody yet, and the tenants above. */
export async function peopleOf(server: WholeServer): Promise<ConsoleWorld> {
  const browser = () => new ConsoleClient(() => server.url);
  const operator = browser();
  await done(
    operator.post('/setup', {
      ...{ code: await server.server.setupCode(), email: 'op@example.org', name: 'Operator', password },
      ...{ tenantName: 'HQ', locale: 'en' },
    }),
  );
  const owner = await join({ operator, browser }, { tenant: 'clinic', role: 'owner', name: 'owner' });
  const stranger = await join({ operator, browser }, { tenant: 'other', role: 'owner', name: 'stranger' });
  const members = { owner } as Record<MemberRole, ConsoleClient>;
  for (const role of memberRoles.filter((each) => each !== 'owner')) {
    members[role] = await join({ operator: owner, browser }, { tenant: 'clinic', role, name: role });
  }
  // They were owners of all that nobody was in.
  for (const [tenant, by] of [
    ['clinic', owner],
    ['other', stranger],
  ] as const) {
    await done(by.call('DELETE', `/tenants/${tenant}/members/first`, { headers: { 'if-match': '"v1"' } }));
  }
  const ids = await Promise.all(
    memberRoles.map(async (role) => [role, (await members[role].get('/account')).body.id] as const),
  );
  return {
    ...{ server, browser, operator, members, stranger },
    accounts: Object.fromEntries(ids) as Record<MemberRole, string>,
  };
}

/** Somebody new, by an invitation. */
async function join(
  { operator, browser }: { operator: ConsoleClient; browser: () => ConsoleClient },
  { tenant, role, name }: { tenant: string; role: MemberRole; name: string },
): Promise<ConsoleClient> {
  const { body } = await done(operator.post(`/tenants/${tenant}/invitations`, { label: name, role }));
  const client = browser();
  const token = new URL(body.link).pathname.split('/').at(-1);
  await done(client.post(`/invitations/${token}/accept`, { email: `${name}@example.org`, name, password }));
  return client;
}

export async function done<T extends { status: number; body: unknown }>(answer: Promise<T>): Promise<T> {
  const got = await answer;
  if (got.status >= 300) throw new Error(`${got.status}: ${JSON.stringify(got.body)}`);
  return got;
}
