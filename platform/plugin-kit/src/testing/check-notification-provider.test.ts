// Plants one defect after another in a provider that is otherwise sound, and expects the kit to name each.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { accepted, labelled, OutcomeError, outcomeOfFailure, outcomeOfStatus, z } from '../index.ts';
import { checkNotificationProvider } from './check-notification-provider.ts';
import type { ProviderTestOptions } from './provider-test-options.ts';
import {
  config,
  never,
  options,
  packageJson,
  provider,
  rulesBroken,
  sending,
  sendSoundly,
  type Context,
} from './sound-provider.fixture.ts';

test('finds nothing wrong with a sound provider', async () => {
  const full = provider(
    (ctx) => ({
      check: () => ({ ok: true }),
      clear: (_clearing, { signal }) => sendSoundly(ctx, signal),
      parseReceipt: ({ query }) =>
        query['id'] === undefined ? { refused: 'not signed' } : [{ deliveryId: query['id'], event: 'delivered' }],
      pollReceipts: async (_awaited, { signal }) => {
        await sendSoundly(ctx, signal);
        return [];
      },
      sendMany: (deliveries, { signal }) => Promise.all(deliveries.map(() => sendSoundly(ctx, signal))),
      close: () => undefined,
    }),
    { clear: true, receipts: true },
    { batch: 3 },
  );

  expect(await checkNotificationProvider(provider(), options)).toEqual([]);
  const receipts: ProviderTestOptions['receipts'] = [
    [{ method: 'GET', query: { id: 'd-1' } }, [{ deliveryId: 'd-1', event: 'delivered' }]],
    [{ body: {} }, 'refused'],
  ];
  expect(await checkNotificationProvider(full, { ...options, receipts })).toEqual([]);
});

test.each<[defect: string, plugin: unknown, rules: string[]]>([
  ['is no plugin', { send: () => accepted() }, ['shape']],
  ['is null', null, ['shape']],
  [
    'throws in setup',
    provider(() => {
      throw new Error('no');
    }),
    ['setup'],
  ],
  ['hangs in setup', { ...provider(), setup: () => never() }, ['setup']],
  ['sets up nothing', { ...provider(), setup: () => undefined }, ['setup']],
  ['claims to clear and cannot', provider(undefined, { clear: true }), ['setup']],
  ['clears without saying so', provider(() => ({ clear: () => accepted() })), ['setup']],
  [
    'throws on 500',
    sending(async (_ctx, sound) => {
      const outcome = await sound();
      if (outcome.outcome === 'retry' && outcome.reason === 'HTTP 500') throw new Error('500');
      return outcome;
    }),
    ['throw'],
  ],
  [
    'throws on a body that is not JSON',
    sending(async ({ fetch }, _sound, { signal }) => {
      const response = await fetch('https://example.com/', { signal }).catch(() => undefined);
      await response?.json();
      return outcomeOfStatus(response?.status ?? 500, new Headers(), 0);
    }),
    ['throw'],
  ],
  [
    'puts the title into a header',
    provider(({ fetch }) => ({
      send: async ({ notification }, { signal }) => {
        await fetch('https://example.com/', { headers: { title: notification.title }, signal });
        return outcomeOfStatus(410, new Headers(), 0);
      },
    })),
    ['throw'],
  ],
  [
    'throws when it is aborted',
    sending(async ({ fetch }, sound, { signal }) => {
      const outcome = await sound();
      if (signal.aborted) await fetch('https://example.com/', { signal });
      return outcome;
    }),
    ['throw'],
  ],
  ['returns nothing', sending(() => undefined), ['outcome']],
  ['returns an unknown reason', sending(() => ({ outcome: 'rejected', reason: 'mood', detail: '' })), ['outcome']],
  [
    'says accepted to everything',
    sending(async (_ctx, sound) => {
      await sound();
      return accepted();
    }),
    ['answer', 'outcome'],
  ],
  [
    'takes 410 for a passing trouble',
    sending(async (_ctx, sound) => {
      const outcome = await sound();
      return outcome.outcome === 'rejected' ? { outcome: 'retry', reason: 'later' } : outcome;
    }),
    ['answer'],
  ],
  [
    'logs a secret',
    sending(({ log, config: { token: said } }, sound) => {
      log.debug({ headers: [`Bearer ${said}`] }, 'calling');
      return sound();
    }),
    ['secret'],
  ],
  [
    'tells a secret in an outcome',
    sending(async ({ config: { token: said } }, sound) => {
      const outcome = await sound();
      return outcome.outcome === 'retry' ? { ...outcome, reason: `failed with ${said}` } : outcome;
    }),
    ['secret'],
  ],
  [
    'passes on an error that names an address with a secret',
    sending(async ({ fetch, config: { token: said } }, _sound, { signal }) => {
      try {
        const response = await fetch(`https://example.com/bot${said}/send`, { method: 'POST', signal });
        return outcomeOfStatus(response.status, response.headers, 0);
      } catch (error) {
        return { outcome: 'retry', reason: String(error) };
      }
    }),
    ['secret'],
  ],
  [
    'throws a secret in the cause of an error',
    provider(({ config: { token: said } }) => {
      throw new Error('bad configuration', { cause: new Error(`cannot parse ${said}`) });
    }),
    ['secret', 'setup'],
  ],
  ['ignores the signal', sending((ctx) => sendSoundly(ctx, new AbortController().signal)), ['hang']],
  [
    'uses the global fetch',
    sending(async (_ctx, sound) => {
      await fetch('https://example.com/').catch(() => undefined);
      return sound();
    }),
    ['network'],
  ],
  [
    'connects by node:http',
    sending(async (_ctx, sound) => {
      await once(httpRequest('http://127.0.0.1:9/').end(), 'error');
      return sound();
    }),
    ['network'],
  ],
  [
    'throws at the second close',
    provider(() => {
      let closed = false;
      return {
        close: () => {
          if (closed) throw new Error('closed already');
          closed = true;
        },
      };
    }),
    ['close'],
  ],
  ['hangs in close', provider(() => ({ close: () => never() })), ['close']],
  [
    'throws in check',
    provider(() => ({
      check: () => {
        throw new Error('no');
      },
    })),
    ['throw'],
  ],
  ['answers check with an outcome', provider(() => ({ check: () => accepted() as never })), ['outcome']],
  [
    'throws on clearing',
    provider(
      () => ({
        clear: () => {
          throw new Error('no');
        },
      }),
      { clear: true },
    ),
    ['throw'],
  ],
  [
    'throws on a receipt that is none',
    provider(() => ({ parseReceipt: ({ body }) => JSON.parse(new TextDecoder().decode(body)) as never }), {
      receipts: true,
    }),
    ['outcome', 'throw'],
  ],
  [
    'makes a receipt of anything',
    provider(() => ({ parseReceipt: () => [{ deliveryId: 'd-1', event: 'delivered' }] }), { receipts: true }),
    ['receipt'],
  ],
  [
    'names no delivery in a receipt',
    provider(() => ({ parseReceipt: () => [{ event: 'delivered' }] }), { receipts: true }),
    ['receipt'],
  ],
  [
    'makes receipts of polls that fail',
    provider(
      () => ({ pollReceipts: (awaited) => awaited.map(({ deliveryId }) => ({ deliveryId, event: 'failed' })) }),
      {
        receipts: true,
      },
    ),
    ['receipt'],
  ],
  ['hangs in a poll', provider(() => ({ pollReceipts: () => never() as never }), { receipts: true }), ['hang']],
  [
    'gives fewer outcomes than it got deliveries',
    provider(
      (ctx) => ({
        sendMany: async ([, ...rest], { signal }) => Promise.all(rest.map(() => sendSoundly(ctx, signal))),
      }),
      {},
      { batch: 3 },
    ),
    ['outcome'],
  ],
  [
    'says of many at once that they are accepted, whatever the service says',
    provider(
      (ctx) => ({
        async sendMany(deliveries, { signal }) {
          await sendSoundly(ctx, signal);
          return deliveries.map(() => accepted());
        },
      }),
      {},
      { batch: 3 },
    ),
    ['outcome'],
  ],
  [
    'throws for all of many',
    provider(
      (ctx) => ({
        async sendMany(deliveries, { signal }) {
          const outcomes = await Promise.all(deliveries.map(() => sendSoundly(ctx, signal)));
          if (outcomes.some(({ outcome }) => outcome !== 'accepted')) throw new Error('some failed');
          return outcomes;
        },
      }),
      {},
      { batch: 3 },
    ),
    ['throw'],
  ],
  ['hangs with many', provider(() => ({ sendMany: () => never() as never }), {}, { batch: 3 }), ['hang']],
  ['sends many and does not say how many', provider(() => ({ sendMany: () => [] })), ['setup']],
  ['polls and does not say so', provider(() => ({ pollReceipts: () => [] })), ['setup']],
])('names the defect of a provider that %s', async (_defect, plugin, rules) => {
  expect(await rulesBroken(plugin)).toEqual(rules);
});

test.each<[defect: string, given: Partial<ProviderTestOptions>, rules: string[]]>([
  ['has no package.json', { packageJson: new URL('./no-such/package.json', import.meta.url) }, ['manifest']],
  ['has no manifest', { packageJson: {} }, ['manifest']],
  ['has another id there', { packageJson: { belfry: { ...packageJson.belfry, id: 'other' } } }, ['manifest']],
  [
    'is of another kind there',
    { packageJson: { belfry: { ...packageJson.belfry, kind: 'message-type' } } },
    ['manifest'],
  ],
  ['wants another api', { packageJson: { belfry: { ...packageJson.belfry, api: '^2.0.0' } } }, ['manifest']],
  ['names an icon outside', { packageJson: { belfry: { ...packageJson.belfry, icon: '../icon.svg' } } }, ['manifest']],
  ['names an entry that is not there', { packageJson: new URL('../../package.json', import.meta.url) }, ['manifest']],
  ['refuses its sample configuration', { config: {} }, ['config']],
  ['refuses its sample target', { target: {} }, ['target']],
  ['has a secret too short to look for', { config: { token: 'abc' } }, ['config']],
  ['has a line of its table that does not hold', { answers: [[{ http: 200 }, 'retry']] }, ['answer']],
  [
    'fails what a line looks at',
    {
      answers: [
        [
          { http: 200 },
          'accepted',
          ([request]) => {
            expect(request?.method).toBe('GET');
          },
        ],
      ],
    },
    ['answer'],
  ],
])('names it when a provider %s', async (_defect, given, rules) => {
  expect(await rulesBroken(provider(), given)).toEqual(rules);
});

test('names a configuration that takes misspelt fields', async () => {
  const loose = { ...provider(), config: z.object(config.shape) };

  expect(await rulesBroken(loose)).toEqual(['config']);
});

const standing: ProviderTestOptions['standing'] = ({ url }) =>
  url.endsWith('/login') ? { http: 200, body: { token: 't' } } : undefined;

async function signIn({ fetch }: Context): Promise<{ value: string; expiresAtMs: number }> {
  const login = await fetch('https://example.com/login', { method: 'POST' });
  if (login.ok) return { value: 't', expiresAtMs: Infinity };
  throw new OutcomeError({ outcome: 'retry', reason: 'no login' });
}

/** Signs in before it sends, once or each time. */
const withLogin = (logIn: (ctx: Context) => Promise<unknown>) =>
  provider((ctx) => ({
    async send(_delivery, { signal }) {
      try {
        await logIn(ctx);
        return await sendSoundly(ctx, signal);
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
  }));

test('gives a standing answer to requests beside the delivery, in setup and in every scenario', async () => {
  const careful = withLogin((ctx) => ctx.tokens.get('login', () => signIn(ctx)));

  expect(await rulesBroken(careful)).toContain('answer');
  expect(await rulesBroken(careful, { standing })).toEqual([]);
});

test('names a provider that signs in for each delivery, and one that does so for those at once', async () => {
  const perContext = new WeakMap<Context, unknown>();
  const afterwards = withLogin(async (ctx) => {
    if (!perContext.has(ctx)) perContext.set(ctx, await signIn(ctx));
  });

  expect(await rulesBroken(withLogin(signIn), { standing })).toEqual(['token']);
  expect(await rulesBroken(afterwards, { standing })).toEqual(['token']);
});

test('names a field without a title, and one that lacks a language which others have', async () => {
  const named = (schema: z.ZodType) => rulesBroken({ ...provider(), config: config.extend({ more: schema }) });
  const more = z.string().optional();

  expect(await named(more)).toEqual(['form']);
  expect(await named(more.meta({ title: 'More' }))).toEqual([]);
  expect(await named(labelled(more, { en: ['More'], zh: ['更多'] }))).toEqual(['form']);
});

test('names a provider that throws at the id of what was sent before, or at a silent delivery', async () => {
  const remembering = provider(
    (ctx) => ({
      send({ previous }, { signal }) {
        if (previous !== undefined) new URL(`https://example.com:${previous.providerMessageId}`);
        return sendSoundly(ctx, signal);
      },
      clear: ({ providerMessageId }, { signal }) => {
        if (providerMessageId !== undefined) decodeURIComponent(providerMessageId);
        return sendSoundly(ctx, signal);
      },
    }),
    { messageIds: true, clear: true },
  );
  const loud = provider(
    (ctx) => ({
      send({ notification }, { signal }) {
        if (notification.silent === true) throw new Error('nothing to show');
        return sendSoundly(ctx, signal);
      },
    }),
    { silent: true },
  );

  expect(await checkNotificationProvider(remembering, options)).toMatchObject(
    Array.from({ length: 3 }, () => ({ rule: 'throw' })),
  );
  expect(await rulesBroken(loud)).toEqual(['throw']);
});
