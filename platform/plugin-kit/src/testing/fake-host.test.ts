// The fake host is as strict as its model: real fetch, a real log, a clock that only moves when
// a test moves it.
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { fakeHost } from './fake-host.ts';

test('answers in turn and repeats the last answer', async () => {
  const host = fakeHost();
  const { fetch } = host.context({});
  host.answer({ http: 503 }, { http: 200, body: { id: 1 } });

  const statuses = [
    await fetch('https://a.example/'),
    await fetch('https://a.example/'),
    await fetch('https://a.example/'),
  ];

  expect(statuses.map((response) => response.status)).toEqual([503, 200, 200]);
  expect(await statuses[1]?.json()).toEqual({ id: 1 });
  expect(statuses[1]?.headers.get('Content-Type')).toBe('application/json');
});

test('fails a request for which nothing was scripted', async () => {
  await expect(fakeHost().context({}).fetch('https://a.example/x')).rejects.toThrow(
    'No answer was scripted for GET https://a.example/x',
  );
});

test('lets a body be read once only', async () => {
  const host = fakeHost();
  host.answer({ http: 200, body: 'text' });
  const response = await host.context({}).fetch('https://a.example/');

  expect(await response.text()).toBe('text');
  await expect(response.json()).rejects.toThrow(TypeError);
});

test.each([
  ['an address that is none', () => ['not an address', {}] as const],
  ['a header no message can carry', () => ['https://a.example/', { headers: { title: '你好' } }] as const],
  ['a header with a line break', () => ['https://a.example/', { headers: { title: 'a\r\nb: c' } }] as const],
  ['a GET with a body', () => ['https://a.example/', { body: 'x' }] as const],
])('refuses %s as real fetch does', async (_what, request) => {
  const host = fakeHost();
  host.answer({ http: 200 });
  const [url, init] = request();

  await expect(host.context({}).fetch(url, init)).rejects.toThrow(TypeError);
});

test('stays silent until the request is aborted', async () => {
  const host = fakeHost();
  const stop = new AbortController();
  host.answer({ network: 'silence' });

  const asked = host.context({}).fetch('https://a.example/', { signal: stop.signal });
  stop.abort(new Error('enough'));

  await expect(asked).rejects.toThrow('enough');
});

test('breaks a body off, and fails a connection with the code that Node gives', async () => {
  const host = fakeHost();
  host.answer({ network: 'cut' }, { network: 'reset' });
  const { fetch } = host.context({});

  await expect((await fetch('https://a.example/')).text()).rejects.toThrow('terminated');
  await expect(fetch('https://a.example/')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

test('moves its clock when asked, and keeps what was logged', () => {
  const host = fakeHost({ nowMs: 1000 });
  const { clock, log, signal } = host.context({});

  host.clock.advance(500);
  log.warn({ attempt: 2 }, 'slow');
  host.stop();

  expect(clock.now()).toBe(1500);
  expect(host.log).toEqual([{ level: 'warn', fields: { attempt: 2 }, msg: 'slow' }]);
  expect(signal.aborted).toBe(true);
});

test('opens what was scripted, and fails as Node does where nothing answers', async () => {
  const host = fakeHost();
  const { connect } = host.context({});
  const target = { host: 'mail.example', port: 25 };
  await expect(connect(target)).rejects.toThrow('No connection was scripted to mail.example:25');

  const socket = new Socket();
  host.connect(() => socket);
  expect(await connect(target)).toBe(socket);

  host.connect(() => ({ network: 'refused' }));
  await expect(connect(target)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  const stop = new AbortController();
  host.connect(() => ({ network: 'silence' }));
  const asked = connect({ ...target, signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  expect(host.connections).toHaveLength(4);
});
