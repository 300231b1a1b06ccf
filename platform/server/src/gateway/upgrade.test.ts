// Upgrades that are refused before anything is upgraded, and those that are let in.
import { setImmediate as turn } from 'node:timers/promises';
import { BelfryError } from '@belfry/protocol';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { app, startGateway, upgradeLines } from './test/gateway.fixture.ts';

const status = (answer: Buffer): number => Number(answer.toString().split(' ')[1]);

describe('an upgrade that is malformed', () => {
  it.each([
    ['of another method', upgradeLines({}, 'POST /ws?app=demo'), 405],
    ['of another version', upgradeLines({ 'sec-websocket-version': '12' }), 426],
    ['without version', upgradeLines({ 'sec-websocket-version': undefined }), 426],
    ['without key', upgradeLines({ 'sec-websocket-key': undefined }), 400],
    ['with a key that is too short', upgradeLines({ 'sec-websocket-key': 'AAAA' }), 400],
    ['with a subprotocol header that cannot be read', upgradeLines({ 'sec-websocket-protocol': 'a,,b' }), 400],
    ['to another path', upgradeLines({}, 'GET /socket?app=demo'), 404],
    ['to a path that only looks alike', upgradeLines({}, 'GET /ws/../ws?app=demo'), 404],
  ])('%s is refused and hung up on', async (_name, lines, expected) => {
    const { raw } = await startGateway();
    const answer = await raw(lines).answer;
    expect(status(answer)).toBe(expected);
    expect(answer.toString().toLowerCase()).toContain('connection: close');
  });

  it('gets a problem as body, and the version that is spoken', async () => {
    const { raw, metrics, log } = await startGateway();
    const answer = (await raw(upgradeLines({ 'sec-websocket-version': '7' })).answer).toString();
    expect(answer).toContain('sec-websocket-version: 13');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 426, code: 'bad_request' });
    expect(metrics.value('refused_total', ['426'])).toBe(1);
    expect(log.lines.map(({ level }) => level)).toEqual(['debug']);
  });

  it('to another protocol than WebSocket is answered as if it had not asked', async () => {
    const { raw } = await startGateway();
    const lines = upgradeLines({ upgrade: 'h2c', connection: 'Upgrade, close' }, 'GET /api/v1/pages');
    expect((await raw(lines).answer).toString()).toContain('plain');
  });
});

describe('app and origin', () => {
  const records = [
    app('demo'),
    app('open', { allowedOrigins: ['*'] }),
    app('off', { disabled: true }),
    app('listsNull', { allowedOrigins: ['null', 'capacitor://localhost'] }),
    app('stars', { allowedOrigins: ['https://*.clinic.example'] }),
  ];

  it.each([
    ['an unknown app', '/ws?app=nobody', undefined, 401],
    ['no app', '/ws', undefined, 401],
    ['a disabled app', '/ws?app=off', undefined, 403],
    ['an origin that is not on the list', '/ws?app=demo', 'https://evil.example', 403],
    ['an origin that ends like one on the list', '/ws?app=demo', 'https://evil-clinic.example', 403],
    ['an origin that begins like one on the list', '/ws?app=demo', 'https://clinic.example.evil.example', 403],
    ['an origin of another scheme', '/ws?app=demo', 'http://clinic.example', 403],
    ['an origin with another port', '/ws?app=demo', 'https://clinic.example:8443', 403],
    ['the origin null', '/ws?app=demo', 'null', 403],
    ['an origin two labels below one with a star', '/ws?app=stars', 'https://a.b.clinic.example', 403],
    ['the domain itself of one with a star', '/ws?app=stars', 'https://clinic.example', 403],
  ])('%s is refused', async (_name, path, origin, expected) => {
    const { dial, gateway } = await startGateway({ records });
    const client = await dial(path, origin === undefined ? {} : { headers: { origin } }).open();
    expect(client.refused?.status).toBe(expected);
    expect(gateway.size).toBe(0);
  });

  it.each([
    ['the origin on the list', '/ws?app=demo', 'https://clinic.example'],
    ['no origin, as native clients send none', '/ws?app=demo', undefined],
    ['an origin one label below one with a star', '/ws?app=stars', 'https://a.clinic.example'],
    ['the origin null where it is named', '/ws?app=listsNull', 'null'],
    ['a hybrid app that is named', '/ws?app=listsNull', 'capacitor://localhost'],
    ['any origin where the app allows all', '/ws?app=open', 'https://anywhere.example'],
  ])('%s is let in', async (_name, path, origin) => {
    const { dial } = await startGateway({ records });
    const client = await dial(path, origin === undefined ? {} : { headers: { origin } }).connect();
    expect(client.frames).toMatchObject([{ id: 1, ok: true }]);
  });
});

describe('subprotocols', () => {
  it('answers belfry.v1 among others, and none where none was offered', async () => {
    const { dial } = await startGateway();
    const several = await dial('/ws?app=demo', { protocols: ['x', 'belfry.v1'] }).connect();
    const none = await dial('/ws?app=demo', { protocols: [] }).connect();
    expect([several.ws.protocol, none.ws.protocol]).toEqual(['belfry.v1', '']);
    expect([several.frames.length, none.frames.length]).toEqual([1, 1]);
  });

  it('closes 4506 where only others were offered', async () => {
    const { dial } = await startGateway();
    expect(await dial('/ws?app=demo', { protocols: ['belfry.v9'] }).close()).toBe(4506);
  });
});

describe('bounds', () => {
  it('refuses the socket above those that one address may have open unconnected, after a moment', async () => {
    const clock = createVirtualClock();
    const { dial, metrics } = await startGateway({ clock, limits: { unauthenticatedPerAddress: 2 } });
    await Promise.all([dial().open(), dial().open()]);
    const third = dial();
    while (clock.pending() < 2) await turn();
    await clock.advance(1000);
    await third.open();
    expect(third.refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(metrics.value('refused_total', ['429'])).toBe(1);
  });

  it('counts the addresses of one network apart, and bounds them together at eight times as many', async () => {
    const clock = createVirtualClock();
    const { dial } = await startGateway({ clock, limits: { unauthenticatedPerAddress: 2 } });
    const from = (host: number) => dial('/ws?app=demo', { headers: { 'x-forwarded-for': `2001:db8::${host}` } });
    const admitted = await Promise.all(Array.from({ length: 16 }, (_, index) => from(index).open()));
    expect(admitted.map(({ refused }) => refused)).toEqual(Array.from({ length: 16 }, () => undefined));
    const other = from(99);
    while (clock.pending() < 2) await turn();
    await clock.advance(1000);
    await other.open();
    expect(other.refused).toMatchObject({ status: 429 });
  });

  it('lets a crowd of one address in, each as soon as another has connected or gone', async () => {
    const { dial } = await startGateway({ limits: { unauthenticatedPerAddress: 2 } });
    const gone = await dial().open();
    const clients = Array.from({ length: 20 }, () => dial());
    gone.ws.terminate();
    await Promise.all(clients.map((client) => client.connect()));
    expect(clients.map(({ frames }) => frames.length)).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('closes 4504 above the connections of the app, also for sockets that were let in together', async () => {
    const records = [app('demo', { limits: { connections: 1, requestsPerMinute: 1 } })];
    const { dial } = await startGateway({ records });
    const [one, two] = await Promise.all([dial().open(), dial().open()]);
    await one.connect();
    await two.connect();
    expect([one.closedWith, two.closedWith?.code]).toEqual([undefined, 4504]);
    expect(await dial().close()).toBe(4504);
  });

  it('closes 4504 above the connections of an address, also for sockets that were let in together', async () => {
    const { dial, log } = await startGateway({ limits: { connectionsPerAddress: 2 } });
    const clients = await Promise.all([dial().open(), dial().open(), dial().open(), dial().open()]);
    for (const client of clients) await client.connect();
    expect(clients.map(({ closedWith }) => closedWith?.code)).toEqual([undefined, undefined, 4504, 4504]);
    expect(await dial().close()).toBe(4504);
    expect(log.of('warn')).toEqual(['an address has as many connections as it may have']);
    clients[0].ws.close();
    await clients[0].close();
    await expect.poll(async () => (await dial().connect()).frames.length).toBe(1);
  });

  it('counts a connection once of its address, however often its connect is tried', async () => {
    let tries = 0;
    const { dial } = await startGateway({
      limits: { connectionsPerAddress: 1 },
      refuseConnect: async () => {
        tries += 1;
        if (tries < 3) throw new BelfryError('unavailable');
      },
    });
    const client = await dial().connect();
    await client.connect();
    await client.connect();
    expect(client.frames.map(({ ok }) => ok)).toEqual([false, false, true]);
  });

  it('refuses with 503 when the store is away', async () => {
    const { dial, metrics } = await startGateway({ apps: { find: () => Promise.reject(new Error('away')) } });
    expect((await dial().open()).refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(metrics.value('upgrades_refused_total', ['unavailable'])).toBe(1);
  });
});
