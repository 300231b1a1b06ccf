// The parts of a node of each role: a worker answers for its health and metrics alone, and a gateway works no
// queue.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Engine } from '../../src/compose/engine.ts';
import { openEngine } from '../../src/compose/open-engine.ts';
import { MemoryBusHub } from '../../src/drivers/bus/memory/memory-bus-hub.ts';
import { MemoryPresenceHub } from '../../src/drivers/presence/memory/memory-presence-hub.ts';
import type { Foundation } from '../../src/compose/server.ts';
import { callOnce } from '../hostile/http-call.ts';
import { putConversation, registerDevice, say } from '../support/clinic.ts';
import { startPushReceiver } from '../support/push-receiver.ts';
import { startWholeServer, type WholeServer, type WholeServerOptions } from '../support/whole-server.ts';

async function start(options: WholeServerOptions): Promise<WholeServer> {
  const server = await startWholeServer(options);
  onTestFinished(() => server.stop());
  return server;
}

/**
 * One engine under several nodes, as Redis and a database are under a cluster: only bus and presence are a
 * node's own. The test closes it.
 */
function sharedEngine(): Foundation {
  let opened: Promise<Engine> | undefined;
  onTestFinished(async () => (await opened)?.close());
  const presences = new MemoryPresenceHub();
  let buses: MemoryBusHub | undefined;
  return {
    async openEngine(config, deps) {
      opened ??= openEngine(config, deps);
      buses ??= new MemoryBusHub({ ...deps, clock: (await opened).clock });
      const [bus, presence] = [buses.connect(deps.node), presences.connect(deps.node)];
      return { ...(await opened), bus, presence, close: () => bus.close() };
    },
  };
}

describe('a worker', () => {
  let worker: WholeServer;
  beforeAll(async () => {
    worker = await startWholeServer({ role: 'worker', env: { PLAYGROUND: 'on' } });
  });
  afterAll(() => worker.stop());

  test('serves health and metrics', async () => {
    expect(await callOnce(worker.url, '/healthz')).toMatchObject({ status: 200 });
    expect(await callOnce(worker.url, '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    const metrics = await callOnce(worker.url, '/metrics');
    expect(metrics.text).toMatch(/^belfry_sockets 0$/m);
    expect(metrics.text).toMatch(/^belfry_queue_jobs\{.*queue="push".*\} 0$/m);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/api/v1/pages?app=demo'],
    ['POST', '/api/v1/tokens'],
    ['GET', '/docs/'],
    ['GET', '/openapi.json'],
    ['GET', '/sdk/belfry.global.js'],
    ['GET', '/playground/'],
    ['POST', '/playground/api/apps'],
    ['POST', '/hooks/lab'],
    ['GET', '/files/018f0000-0000-7000-8000-000000000001'],
    ['GET', '/ws'],
  ])('does not serve %s %s', async (method, path) => {
    expect(await callOnce(worker.url, path, { method })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('takes no WebSocket', async () => {
    const socket = new WebSocket(`${worker.url.replace('http', 'ws')}/ws?app=demo`);
    const status = await new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode);
      });
      socket.on('open', () => resolve('open'));
    });
    expect(status).toBe(404);
  });
});

test('a gateway takes messages and leaves their pushes to a worker', async () => {
  const receiver = await startPushReceiver();
  onTestFinished(() => receiver.close());
  const foundation = sharedEngine();
  const env = { BELFRY_SECRET: 'the same on every node' };
  const options = { foundation, env, pushUrl: receiver.url };
  const gateway = await start({ ...options, role: 'gateway' });
  await putConversation(gateway, 'c1', ['alice', 'bob']);
  await registerDevice(gateway, 'bob');
  const { messageId } = await say(gateway, 'c1', { from: 'alice' });
  const waiting = async () => (await gateway.api('GET', '/push/queue')).body['waiting'];
  while ((await waiting()) !== 1) await pause(25);
  expect(receiver.pushes).toEqual([]);

  await start({ ...options, role: 'worker' });
  await receiver.received(1);
  expect(receiver.pushes).toMatchObject([
    { body: { userId: 'bob', notification: { data: { messageIds: [messageId] } } } },
  ]);
});
