// Of providers that open connections beside HTTP: what the kit plays to them and finds.
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect as connectSocket } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { accepted, outcomeOfFailure } from '../index.ts';
import type { Outcome } from '../index.ts';
import { provider, rulesBroken, token } from './sound-provider.fixture.ts';

test('plays a provider that uses ctx.connect on the stand-in that the test names, and looks for what it leaks', async () => {
  const server = createServer((_request, response) => response.end('ok'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const connecting = (leak: boolean) =>
    provider(({ log, connect }) => ({
      async send(_delivery, { signal }) {
        if (leak) log.info({ token }, 'sending');
        try {
          const socket = await connect({ host: 'service.example', port: 443, signal });
          return await askOver(socket, signal);
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
    }));
  const given = { connect: () => connectSocket({ host: '127.0.0.1', port }), patienceMs: 2000 };

  expect(await rulesBroken(connecting(false), given)).toEqual([]);
  expect(await rulesBroken(connecting(true), given)).toEqual(['secret']);

  await once(server.close(), 'close');
});

function askOver(socket: Socket, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    httpRequest({ createConnection: () => socket, signal }, (response) => {
      response.resume().on('end', () => resolve(accepted()));
    })
      .on('error', (error) => resolve(outcomeOfFailure(error)))
      .end();
  });
}

test('catches a provider that lets a refused connection throw, and one that takes it for an answer', async () => {
  const given = { connect: () => ({ network: 'refused' as const }) };
  const careless = provider(({ connect }) => ({
    async send(_delivery, { signal }) {
      (await connect({ host: 'service.example', port: 25, signal })).destroy();
      return accepted();
    },
  }));
  const hopeful = provider(({ connect }) => ({
    async send(_delivery, { signal }) {
      const socket = await connect({ host: 'service.example', port: 25, signal }).catch(() => undefined);
      socket?.destroy();
      return accepted();
    },
  }));

  expect(await rulesBroken(careless, given)).toEqual(['throw']);
  expect(await rulesBroken(hopeful, given)).toEqual(['outcome']);
});

test('catches a provider that opens a socket of its own beside it', async () => {
  const byItself = provider(() => ({
    send: () =>
      new Promise((resolve) => {
        connectSocket({ host: '127.0.0.1', port: 9 }).on('error', (error) => resolve(outcomeOfFailure(error)));
      }),
  }));

  expect(await rulesBroken(byItself, { connect: () => ({ network: 'refused' as const }) })).toEqual(['network']);
});
