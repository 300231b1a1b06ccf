// The steps of the audit's test that are about kinds, broadcasts and providers of an app. Whether each leaves its entry is the
// test's.

import type { PeopleStep } from './console-audit-people.ts';
import type { ConsoleWorld } from './console-world.ts';

/** In the app `demo`. */
export function stepsOfSending(world: () => ConsoleWorld): PeopleStep[] {
  const owner = () => world().members.owner;
  const kind = '/apps/demo/kinds/imaging';
  return [
    {
      row: 'putKind',
      run() {
        const body = { action: 'imaging', audience: 'users', durable: 'inbox' };
        return owner().call('PUT', kind, { body, headers: { 'if-match': '"v0"' } });
      },
      expected: { action: 'kind.create', object: { type: 'kind', id: 'imaging' }, after: { action: 'imaging' } },
    },
    {
      row: 'sendBroadcast',
      run() {
        const broadcast = { kind: 'imaging', audience: { users: ['ann'] }, data: { title: 'Ready' } };
        return owner().post('/apps/demo/broadcasts', { broadcast, expected: 1 });
      },
      expected: { action: 'broadcast.send', after: { kind: 'imaging', audience: { users: ['ann'] }, recipients: 1 } },
    },
    {
      row: 'deleteKind',
      run: () => owner().call('DELETE', kind, { headers: { 'if-match': '"v1"' } }),
      expected: { action: 'kind.delete', before: { action: 'imaging' } },
    },
    {
      row: 'resumeProvider',
      run: () => owner().post('/apps/demo/providers/hook/resume'),
      expected: { action: 'provider.resume', object: { type: 'provider', id: 'hook' } },
    },
  ];
}
