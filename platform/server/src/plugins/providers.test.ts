// Configurations of providers: sealed, set up, swapped, paused, called without ever throwing or hanging.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asAppId } from '../ports/app-id.ts';
import { folderOf, noNetwork, startHost } from './test/host.fixture.ts';

const app = asAppId('demo');
const never = new AbortController().signal;
const call = { signal: never, attempt: 1 };

/** The title of the delivery says what it does; `globalThis.seen` keeps what it went through. */
const hook = folderOf('hook', {
  config: "z.strictObject({ name: z.string().default('first'), key: secret(z.string().min(6)) })",
  setup: `async (ctx) => {
    const seen = (globalThis.seen ??= []);
    if (ctx.config.name === 'broken') throw new Error('refused with ' + ctx.config.key);
    if (ctx.config.name === 'hanging') await new Promise(() => {});
    seen.push('up ' + ctx.config.name);
    return {
      async send(delivery, { signal }) {
        const { title } = delivery.notification;
        seen.push(ctx.config.name + ' sends ' + title);
        if (title === 'throw') throw new Error('bad ' + ctx.config.key);
        if (title === 'odd') return { ok: true };
        if (title === 'reject') return rejected('payload', 'no ' + ctx.config.key);
        if (title === 'hang') await new Promise(() => {});
        if (title === 'wait') await new Promise((resolve) => { globalThis.goOn = resolve; });
        if (title === 'log') { ctx.log.info({ key: ctx.config.key, title }, 'push'); ctx.log.warn({ deep: { key: ctx.config.key } }, 'careful'); }
        return accepted('m-' + title);
      },
      close() { seen.push('closed ' + ctx.config.name); },
    };
  }`,
});

const seen = (): string[] => (Reflect.get(globalThis, 'seen') as string[] | undefined) ?? [];

async function hostWithHook(change: Parameters<typeof startHost>[1] = {}) {
  Reflect.set(globalThis, 'seen', []);
  const started = await startHost({ ...hook, ...folderOf('logging') }, change);
  const configured = await started.host.configure(app, { id: 'main', plugin: 'hook', config: { key: 'sesame!' } });
  const handle = async () => {
    const found = await started.host.provider(app, 'main');
    if (found === undefined) throw new Error('no handle');
    return found;
  };
  return { ...started, configured, handle };
}

describe('configuring', () => {
  it('stores secrets sealed, gives the plugin the plain ones, shows neither', async () => {
    const { store, configured, host, handle } = await hostWithHook();
    expect(configured).toMatchObject({
      ok: true,
      record: { id: 'main', plugin: 'hook', enabled: true, managed: false },
    });
    const record = store.rows.get('demo/main');
    expect(JSON.stringify(record)).not.toContain('sesame');
    expect(record?.config).toEqual({ key: { $sealed: expect.any(String) } });
    expect(record && host.shownConfig(record)).toEqual({ key: { set: true } });
    expect(await handle()).toMatchObject({ id: 'main', plugin: 'hook', channel: 'push', state: 'on' });
    expect(seen()).toEqual(['up first']);
  });

  it('keeps a secret that is sent back as set', async () => {
    const { host, store, handle } = await hostWithHook();
    const config = { name: 'second', key: { set: true } };
    expect(await host.configure(app, { id: 'main', plugin: 'hook', config })).toMatchObject({ ok: true });
    expect(store.rows.get('demo/main')?.config).toMatchObject({ name: 'second', key: { $sealed: expect.any(String) } });
    expect(await (await handle()).send(delivery('throw'), call)).toEqual({
      outcome: 'retry',
      reason: 'threw: bad [redacted]',
    });
  });

  it('refuses a web address that may not be called, by path, whoever gave it; of a file it is off', async () => {
    const checkUrl = async (url: string) =>
      url.includes('10.0.0.1') ? { ok: false as const, reason: 'is private' } : { ok: true as const };
    const nested = folderOf('nested', { config: 'z.looseObject({})' });
    const { host, store } = await startHost(
      { ...nested, ...folderOf('logging') },
      { egress: { ...noNetwork, checkUrl } },
    );
    const input = { id: 'n', plugin: 'nested', config: { to: ['https://ok.example/', { url: 'http://10.0.0.1/' }] } };
    const problems = [{ path: ['to', 1, 'url'], reason: 'is private' }];
    expect(await host.configure(app, input)).toEqual({ ok: false, problems });
    expect(await host.checkAddresses(input)).toEqual(problems);
    expect(store.rows.size).toBe(0);
    expect(await host.configure(app, { ...input, managed: true })).toMatchObject({ ok: true });
    expect(await host.provider(app, 'n')).toMatchObject({ state: 'off', reason: 'to.1.url: is private' });
  });

  it('refuses what the schema refuses, by path, and leaves the old at work', async () => {
    const { host, handle } = await hostWithHook();
    const refused = await host.configure(app, { id: 'main', plugin: 'hook', config: { key: 'short', more: 1 } });
    expect(refused).toMatchObject({ ok: false, problems: [{ path: ['key'] }, { path: [] }] });
    expect(await host.configure(app, { id: 'x', plugin: 'nobody', config: {} })).toMatchObject({
      ok: false,
      problems: [{ path: ['plugin'], reason: 'there is no notification provider nobody among the plugins' }],
    });
    expect(await (await handle()).send(delivery('a'), call)).toMatchObject({ outcome: 'accepted' });
  });

  it('refuses one whose setup fails, without its secret; a managed one is stored, off and visible', async () => {
    const { host, lines, handle } = await hostWithHook();
    const config = { name: 'broken', key: 'open sesame' };
    const refused = await host.configure(app, { id: 'main', plugin: 'hook', config });
    expect(refused).toEqual({ ok: false, problems: [{ path: [], reason: 'setup: refused with [redacted]' }] });
    expect(await handle()).toMatchObject({ state: 'on' });
    expect(await host.configure(app, { id: 'main', plugin: 'hook', config, managed: true })).toMatchObject({
      ok: true,
    });
    expect(await handle()).toMatchObject({ state: 'off', reason: 'setup: refused with [redacted]' });
    expect(JSON.stringify(lines)).not.toContain('sesame');
    expect(lines.filter(({ msg }) => msg === 'provider off')).toHaveLength(2);
  });

  it('gives up on a setup that hangs', async () => {
    const { host, clock } = await hostWithHook();
    const configuring = host.configure(app, {
      id: 'slow',
      plugin: 'hook',
      config: { name: 'hanging', key: 'sesame!' },
    });
    while (clock.pending() === 0) await setImmediate();
    await clock.advance(10_000);
    expect(await configuring).toMatchObject({
      ok: false,
      problems: [{ reason: 'setup: did not finish within 10000 ms' }],
    });
  });

  it('changes nothing when the same is configured again', async () => {
    const { host, store } = await hostWithHook();
    const before = store.rows.get('demo/main');
    await host.configure(app, { id: 'main', plugin: 'hook', config: { key: 'sesame!' } });
    expect(store.rows.get('demo/main')).toBe(before);
    expect(seen()).toEqual(['up first']);
  });

  it('takes over another quota, and shows it to its callers', async () => {
    const { host, store, handle } = await hostWithHook();
    expect(await handle()).not.toHaveProperty('quota');
    const input = { id: 'main', plugin: 'hook', config: { key: { set: true } } };
    for (const quota of [{ perDay: 5 }, { perDay: 6, perMinute: 1 }]) {
      await host.configure(app, { ...input, quota });
      expect((await handle()).quota).toEqual(quota);
      expect(store.rows.get('demo/main')?.quota).toEqual(quota);
    }
    await host.configure(app, input);
    expect(await handle()).not.toHaveProperty('quota');
  });

  it('swaps while a send is under way, which ends on the old before that is closed', async () => {
    const { host, handle } = await hostWithHook();
    const sending = (await handle()).send(delivery('wait'), call);
    await host.configure(app, { id: 'main', plugin: 'hook', config: { name: 'second', key: 'sesame!' } });
    await (await handle()).send(delivery('b'), call);
    expect(seen()).toEqual(['up first', 'first sends wait', 'up second', 'second sends b']);
    (Reflect.get(globalThis, 'goOn') as () => void)();
    expect(await sending).toMatchObject({ outcome: 'accepted', providerMessageId: 'm-wait' });
    while (!seen().includes('closed first')) await setImmediate();
    await host.stop();
    expect(seen().slice(4)).toEqual(['closed first', 'closed second']);
  });

  it('follows what another node stored, within five seconds', async () => {
    const { store, clock, handle } = await hostWithHook();
    const record = store.rows.get('demo/main');
    if (record === undefined) throw new Error('not stored');
    store.rows.set('demo/main', { ...record, enabled: false, updatedAt: record.updatedAt + 1 });
    expect(await handle()).toMatchObject({ state: 'on' });
    await clock.advance(5_000);
    await handle();
    expect(await handle()).toMatchObject({ state: 'off', reason: 'is switched off' });
  });

  it('tries a failed setup again after a while', async () => {
    const { host, clock, handle } = await hostWithHook();
    await host.configure(app, {
      id: 'main',
      plugin: 'hook',
      config: { name: 'broken', key: 'sesame!' },
      managed: true,
    });
    expect((await handle()).state).toBe('off');
    await clock.advance(31_000);
    await handle();
    expect(seen()).toEqual(['up first', 'closed first']);
    expect((await handle()).state).toBe('off');
  });
});

const twice = (outcome: object) => [outcome, outcome];

describe('sending', () => {
  it.each([
    ['throw', { outcome: 'retry', reason: 'threw: bad [redacted]' }],
    ['odd', { outcome: 'retry', reason: 'the provider returned something that is no outcome' }],
    ['reject', { outcome: 'rejected', reason: 'payload', detail: 'no [redacted]' }],
    ['fine', { outcome: 'accepted', providerMessageId: 'm-fine' }],
  ])('turns whatever the plugin does into an outcome without secrets: %s', async (title, outcome) => {
    const { handle } = await hostWithHook();
    expect(await (await handle()).send(delivery(title), call)).toEqual(outcome);
  });

  it.each([
    ['one for each', 'fine', [{ outcome: 'accepted', providerMessageId: 'm-1' }, { detail: 'no [redacted]' }]],
    ['too few', 'few', twice({ outcome: 'retry', reason: expect.stringContaining('no outcome') })],
    ['none', 'throw', twice({ outcome: 'retry', reason: 'threw: bad [redacted]' })],
  ])('gives each of many deliveries an outcome, also where the plugin gives %s', async (_, title, outcomes) => {
    const many = folderOf('many', {
      config: 'z.strictObject({ key: secret(z.string()) })',
      limits: '{ batch: 2 }',
      setup: `({ config }) => ({
        send: () => accepted(),
        sendMany([first]) {
          const { title } = first.notification;
          if (title === 'throw') throw new Error('bad ' + config.key);
          return title === 'few' ? [accepted('m-1')] : [accepted('m-1'), rejected('payload', 'no ' + config.key)];
        },
      })`,
    });
    const { host } = await startHost({ ...many, ...folderOf('logging') });
    await host.configure(app, { id: 'main', plugin: 'many', config: { key: 'sesame!' } });
    const handle = await host.provider(app, 'main');
    const sent = await handle?.sendMany?.([delivery(title), delivery(title)], call);
    expect(sent).toMatchObject(outcomes);
    expect((await host.health(app, 'main'))?.counts).toMatchObject(
      title === 'fine' ? { accepted: 1, rejected: 1 } : { retry: 2 },
    );
  });

  it('ends with its time limit, and with its signal', async () => {
    const { handle, clock } = await hostWithHook();
    const late = (await handle()).send(delivery('hang'), call);
    await clock.advance(1000);
    expect(await late).toEqual({ outcome: 'retry', reason: 'no answer in time' });
    const stopping = new AbortController();
    const cut = (await handle()).send(delivery('hang'), { signal: stopping.signal, attempt: 1 });
    stopping.abort(new Error('stopping'));
    expect(await cut).toEqual({ outcome: 'retry', reason: 'threw: stopping' });
    expect(clock.pending()).toBe(0);
  });

  it('joins what the provider logs as push to the outcome, and redacts all it logs', async () => {
    const { handle, lines } = await hostWithHook();
    expect(await (await handle()).send(delivery('log'), call)).toEqual({
      outcome: 'accepted',
      providerMessageId: 'm-log',
      said: { key: '[redacted]', title: 'log' },
    });
    expect(lines).toEqual([
      {
        level: 'warn',
        msg: 'careful',
        fields: { app: 'demo', provider: 'main', plugin: 'hook', deep: { key: '[redacted]' } },
      },
    ]);
  });

  it('counts its outcomes', async () => {
    const { host, handle, clock } = await hostWithHook();
    for (const title of ['a', 'b', 'throw', 'reject']) await (await handle()).send(delivery(title), call);
    expect(await host.health(app, 'main')).toEqual({
      lastOkAt: clock.now(),
      lastFailedAt: clock.now(),
      lastFailure: 'payload: no [redacted]',
      counts: { accepted: 2, retry: 1, rejected: 1 },
    });
  });

  it('validates targets by the plugin', async () => {
    const { handle } = await hostWithHook();
    expect((await handle()).parseTarget({ token: 't' })).toEqual({ ok: true, value: { token: 't' } });
    expect((await handle()).parseTarget({ token: 1 })).toMatchObject({ ok: false, path: ['token'] });
  });
});

describe('pausing', () => {
  it('shows the reason, is stored, and ends with the next configuration', async () => {
    const { host, store, handle, clock } = await hostWithHook();
    await host.pause(app, 'main', 'HTTP 401');
    expect(await handle()).toMatchObject({ state: 'paused', reason: 'HTTP 401' });
    expect(store.rows.get('demo/main')?.pausedReason).toBe('HTTP 401');
    const { pausedAt } = await handle();
    expect(pausedAt).toBe(clock.now());
    await clock.advance(60_000);
    await host.pause(app, 'main', 'HTTP 403');
    expect(await handle()).toMatchObject({ reason: 'HTTP 403', pausedAt });
    expect(seen()).toEqual(['up first']);
    await host.configure(app, { id: 'main', plugin: 'hook', config: { key: 'sesame!' } });
    expect(await handle()).toMatchObject({ state: 'on' });
    expect(await handle()).not.toHaveProperty('pausedAt');
  });

  it('can be undone', async () => {
    const { host, handle } = await hostWithHook();
    await host.pause(app, 'main', 'HTTP 401');
    await host.resume(app, 'main');
    expect((await handle()).state).toBe('on');
    await host.pause(app, 'nobody', 'x');
  });
});

describe('the default provider', () => {
  it('serves an app that configured none, under its own name', async () => {
    const { host } = await startHost(folderOf('logging'));
    expect(await host.providers(app)).toMatchObject([{ id: 'logging', plugin: 'logging', state: 'on' }]);
    await host.pause(app, 'logging', 'refused');
    expect(await host.providers(app)).toMatchObject([{ id: 'logging', state: 'paused' }]);
  });

  it('leaves when the app configures its first, and is back after the last', async () => {
    const { host } = await hostWithHook();
    expect((await host.providers(app)).map(({ id }) => id)).toEqual(['main']);
    expect(await host.remove(app, 'main')).toBe(true);
    expect((await host.providers(app)).map(({ id }) => id)).toEqual(['logging']);
  });

  it('is off and visible when its plugin is not there; firebase means fcm', async () => {
    const { host } = await startHost({}, { defaultProvider: { plugin: 'firebase', config: {} } });
    const [handle] = await host.providers(app);
    expect(handle).toMatchObject({
      id: 'fcm',
      state: 'off',
      reason: 'there is no notification provider fcm among the plugins',
    });
    expect(await handle?.send(delivery('a'), call)).toMatchObject({ outcome: 'retry' });
    expect(handle?.parseTarget({})).toMatchObject({ ok: false });
  });
});

function delivery(title: string) {
  return {
    id: 'd',
    app: 'demo',
    userId: 'bob',
    device: { id: 'phone', type: 'mobile' as const, target: { token: 't' } },
    notification: {
      title,
      body: '',
      count: 1,
      collapseKey: 'k',
      priority: 'normal' as const,
      ttlSeconds: 60,
      data: {},
    },
  };
}
