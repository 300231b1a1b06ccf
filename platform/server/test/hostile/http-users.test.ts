// Hostile requests about users (docs/bad-input.md): fields, ids, rights and lists.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { answers } from './wrong-requests.ts';

let attacked: AttackedServer;
let user: string;
/** Of a list of conversations. */
let cursor: string;

beforeAll(async () => {
  attacked = await startAttackedServer();
  user = await attacked.tokenOf('mallory');
  const { body } = await attacked.api('GET', '/conversations?limit=1');
  cursor = String(body['nextCursor']);
  await attacked.settled();
});
afterAll(() => attacked.stop());

const wrongUsers: readonly [change: object, path: (string | number)[]][] = [
  [{ nam: 'x' }, ['nam']],
  [{ name: '' }, ['name']],
  [{ name: 'x'.repeat(129) }, ['name']],
  [{ avatar: { $ne: null } }, ['avatar']],
  [{ locale: '../en' }, ['locale']],
  [{ timeZone: 'Mars/Olympus' }, ['timeZone']],
  [{ metadata: ['a'] }, ['metadata']],
  [{ metadata: { a: 'x'.repeat(8192) } }, ['metadata']],
];
const users: readonly Row[] = [
  ...wrongUsers.flatMap(([change, path]) =>
    ['PUT', 'PATCH'].map((method) => ({
      name: `${method} with ${JSON.stringify(change).slice(0, 40)}`,
      run: answers(422, 'invalid_body', { method, path: '/users/witness', body: change, more: { path } }),
    })),
  ),
  ...['visitor:1', 'a%07b', '%20a', '%E2%80%AE', 'x'.repeat(129)].map((id) => ({
    name: `the id ${id.slice(0, 20)}`,
    run: answers(400, 'bad_request', { method: 'PUT', path: `/users/${id}`, body: {} }),
  })),
  {
    name: 'a user who there is not',
    run: answers(404, 'not_found', { method: 'PATCH', path: '/users/nobody', body: { name: 'x' } }),
  },
  {
    name: 'metadata in the name of a user',
    run: answers(403, 'forbidden', {
      ...{ method: 'PATCH', path: '/users/mallory', body: { metadata: { plan: 'pro' } } },
      headers: () => ({ authorization: `Bearer ${user}` }),
      more: { path: ['metadata'] },
    }),
  },
  {
    name: 'another user, by a user',
    run: answers(403, 'forbidden', {
      ...{ method: 'PATCH', path: '/users/witness', body: { name: 'x' } },
      headers: () => ({ authorization: `Bearer ${user}` }),
      more: { path: ['id'] },
    }),
  },
  {
    name: 'an end of messages that there is not',
    run: answers(400, 'bad_request', {
      method: 'DELETE',
      path: '/users/witness?messages=keep',
      more: { path: ['messages'] },
    }),
  },
  {
    name: 'a user who erases themself',
    run: answers(403, 'forbidden', {
      ...{ method: 'DELETE', path: '/users/mallory' },
      headers: () => ({ authorization: `Bearer ${user}` }),
    }),
  },
  { name: 'a report of nobody', run: answers(404, 'not_found', { path: '/users/nobody/erasure' }) },
  { name: 'a search of 200 letters', run: answers(400, 'bad_request', { path: `/users?q=${'x'.repeat(200)}` }) },
  { name: 'a search for two things', run: answers(400, 'bad_request', { path: '/users?q=a&q=b' }) },
  { name: 'a cursor of conversations', run: answers(400, 'bad_cursor', { path: () => `/users?cursor=${cursor}` }) },
];

describe('users', () => {
  test.each(users)('$name', (row) => attacked.withstand(row));
});
