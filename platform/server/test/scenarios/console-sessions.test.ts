// Being let in to the console of a whole server: setup, sign-in, sign-out, and what is refused.

import { expect, onTestFinished, test } from 'vitest';
import { ConsoleClient } from '../support/console-client.ts';
import { startWholeServer } from '../support/whole-server.ts';

export const owner = {
  ...{ email: 'Anna@clinic.example', name: 'Anna Li', password: 'a long password', tenantName: 'Clinic' },
  locale: 'en',
};

async function start() {
  const server = await startWholeServer();
  onTestFinished(() => server.stop());
  return { server, browser: () => new ConsoleClient(() => server.url) };
}

test('the printed code makes the first administrator, who is signed in by it, once', async () => {
  const { server, browser } = await start();
  const anna = browser();
  expect((await anna.get('/session')).body).toEqual({ setupNeeded: true });
  const code = await server.server.setupCode();
  expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(await anna.post('/setup', { ...owner, code: 'K7QF-2M9D-XW4T-HB6R' })).toMatchObject({ status: 401 });
  const made = await anna.post('/setup', { ...owner, code });
  expect(made).toMatchObject({ status: 201, body: { account: { email: 'anna@clinic.example' }, operator: true } });
  expect(made.headers.get('set-cookie')).toMatch(/^belfry_session=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\//);
  expect((await anna.get('/session')).body).toMatchObject({ account: { name: 'Anna Li' } });
  expect(await browser().post('/setup', { ...owner, code })).toMatchObject({
    status: 409,
    body: { code: 'setup_done' },
  });
  expect(await server.server.setupCode()).toBeUndefined();
  expect((await browser().get('/session')).body).toEqual({ setupNeeded: false });
});

test('somebody signs in by their password, whatever the case of the address, and out again', async () => {
  const { server, browser } = await start();
  await browser().post('/setup', { ...owner, code: await server.server.setupCode() });
  const anna = browser();
  const wrong = await anna.post('/session', { email: owner.email, password: 'another password' });
  const nobody = await anna.post('/session', { email: 'no@clinic.example', password: 'another password' });
  const saying = ({ body: { code, detail } }: typeof wrong) => ({ code, detail });
  expect(saying(wrong)).toEqual(saying(nobody));
  expect(wrong.status).toBe(401);
  expect(await anna.post('/session', { email: 'ANNA@clinic.example', password: owner.password })).toMatchObject({
    status: 201,
  });
  const { cookie } = anna;
  expect(await anna.call('DELETE', '/session')).toMatchObject({ status: 204 });
  anna.cookie = cookie;
  expect((await anna.get('/session')).body).toEqual({ setupNeeded: false });
});

test('changes without the text of the session, or from another page, are refused; no other page reads answers', async () => {
  const { server, browser } = await start();
  const anna = browser();
  await anna.post('/setup', { ...owner, code: await server.server.setupCode() });
  const csrf = { status: 403, body: { code: 'csrf' } };
  expect(await anna.post('/session/confirm', { password: owner.password }, { 'x-belfry-csrf': '' })).toMatchObject(
    csrf,
  );
  expect(await anna.post('/session', owner, { 'sec-fetch-site': 'cross-site' })).toMatchObject(csrf);
  expect(await anna.post('/session', owner, { 'sec-fetch-site': 'same-site' })).toMatchObject(csrf);
  const foreign = { 'sec-fetch-site': '', origin: 'https://evil.example' };
  expect(await anna.post('/session', owner, foreign)).toMatchObject(csrf);
  const own = { 'sec-fetch-site': '', origin: server.url };
  expect(await anna.post('/session/confirm', { password: owner.password }, own)).toMatchObject({ status: 200 });
  const read = await anna.get('/session', { headers: { origin: 'https://evil.example' } });
  expect(read.headers.get('access-control-allow-origin')).toBeNull();
  expect(read.headers.get('cache-control')).toBe('no-store');
  const form = await fetch(`${server.url}/admin/api/session`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'email=a@b.c&password=x',
  });
  expect(form.status).toBe(415);
});

test('a tenant without apps can be taken away, and nobody is let into it any more', async () => {
  const { server, browser } = await start();
  const anna = browser();
  await anna.post('/setup', { ...owner, code: await server.server.setupCode() });
  expect(await anna.post('/tenants', { id: 'ward', name: 'Ward' })).toMatchObject({ status: 201 });
  expect(await browser().post('/tenants', { id: 'other', name: 'Other' })).toMatchObject({ status: 401 });
  expect(await anna.post('/tenants', { id: 'ward', name: 'Ward' })).toMatchObject({ status: 409 });
  const { body } = await anna.post('/tenants/ward/invitations', { label: 'Bo', role: 'viewer' });
  const token = new URL(body.link as string).pathname.split('/').at(-1);
  const remove = (tenant: string) => anna.call('DELETE', `/tenants/${tenant}`, { headers: { 'if-match': '"v1"' } });
  expect(await remove('ward')).toMatchObject({ status: 204 });
  expect(await anna.get('/tenants/ward')).toMatchObject({ status: 404 });
  expect(await browser().get(`/invitations/${token}`)).toMatchObject({ status: 404 });
  expect(await anna.post('/tenants', { id: 'ward', name: 'Ward again' })).toMatchObject({ status: 201 });
  // That of the provision file has an app, and is the file's.
  expect(await remove('clinic')).toMatchObject({ status: 409, body: { code: 'managed_by_file' } });
});
