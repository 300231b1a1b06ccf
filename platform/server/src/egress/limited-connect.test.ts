// The providers' way to a socket: bounded in time, and gone with the configuration that opened it.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { ConnectTarget, PluginConnect } from '@belfry/plugin-kit';
import { expect, it, onTestFinished } from 'vitest';
import { defaultLimits } from '../config/limits.ts';
import { createVirtualClock } from '../../test/support/virtual-clock.ts';
import { Egress } from './egress.ts';
import { PluginNetwork } from '../plugins/plugin-network.ts';
import { Realm } from '../plugins/realm.ts';

async function serve(): Promise<{ port: number; came: Promise<Socket> }> {
  const server = createServer();
  const came = once(server, 'connection').then(([socket]) => socket as Socket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, came };
}

function egressWith({ allow = ['127.0.0.1'], clock = createVirtualClock() } = {}): Egress {
  const egress = new Egress({ allow, clock, limits: defaultLimits() });
  onTestFinished(() => egress.close());
  return egress;
}

/** Within 1 s. */
function connectWith(options: Parameters<typeof egressWith>[0] = {}): PluginConnect {
  const egress = egressWith(options);
  return (target) => egress.connect({ ...target, limitMs: 1000 });
}

it('goes where the guard lets it, and nowhere else', async () => {
  const { port, came } = await serve();
  const target = { host: '127.0.0.1', port };
  await expect(connectWith({ allow: [] })(target)).rejects.toMatchObject({ code: 'REFUSED_ADDRESS' });
  const socket = await connectWith()(target);
  expect((await came).remotePort).toBe(socket.localPort);
  socket.destroy();
});

it('takes no longer than it may', async () => {
  const { port, came } = await serve();
  const clock = createVirtualClock();
  // The other side never answers the handshake.
  const connecting = connectWith({ clock })({ host: '127.0.0.1', port, tls: true });
  const failed = expect(connecting).rejects.toMatchObject({ name: 'TimeoutError' });
  const other = await came;
  other.on('error', () => undefined);
  await clock.advance(1000);
  await failed;
  other.destroy();
});

it.each([
  ['no host', { host: '', port: 25 }],
  ['a host that is no text', { host: 2130706433, port: 25 }],
  ['a path of a socket file', { path: '/run/docker.sock' }],
  ['port 0', { host: 'mail.example', port: 0 }],
  ['a port that is none', { host: 'mail.example', port: 65_536 }],
  ['a port that is text', { host: 'mail.example', port: '25' }],
])('refuses %s', async (_what, target) => {
  // Plugin code is not held to types.
  await expect(connectWith()(target as unknown as ConnectTarget)).rejects.toThrow(TypeError);
});

it('survives an error of a socket that nobody listens to', async () => {
  const { port, came } = await serve();
  const socket = await connectWith()({ host: '127.0.0.1', port });
  const closed = new Promise<boolean>((resolve) => void socket.once('close', resolve));
  (await came).resetAndDestroy();
  // By an error.
  expect(await closed).toBe(true);
});

it('closes behind a configuration what that left open, and opens nothing for it any more', async () => {
  const { port, came } = await serve();
  const stopped = new AbortController();
  const network = new PluginNetwork({
    realm: new Realm(),
    egress: egressWith(),
    limitMs: 1000,
    stopped: stopped.signal,
  });
  const socket = await network.connect({ host: '127.0.0.1', port });
  const other = await came;
  stopped.abort(new Error('out of service'));
  expect(socket.destroyed).toBe(false);
  network.hangUp();
  await once(other, 'close');
  expect(socket.destroyed).toBe(true);
  await expect(network.connect({ host: '127.0.0.1', port })).rejects.toThrow('out of service');
});
