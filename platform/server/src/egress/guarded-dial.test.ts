// The targets of plugins' sockets: checked as those of calls, by the address that is dialled; and the
// abilities of such a socket.

import { once } from 'node:events';
import { connect as connectHttp2, createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as upgrade, createServer as createTlsServer } from 'node:tls';
import { expect, onTestFinished, test, describe } from 'vitest';
import { testCertificate } from '../../test/support/test-certificate.ts';
import { createCheckAddress } from './check-address.ts';
import { createGuardedDial, type DialTarget } from './guarded-dial.ts';

const { cert } = testCertificate;
const signal = AbortSignal.timeout(60_000);

function dialWith({ allow = [], names = {} }: { allow?: string[]; names?: Record<string, string[][]> } = {}) {
  const dial = createGuardedDial({
    checkAddress: createCheckAddress(allow),
    // Each look-up takes the next of its answers, as a name server may do that means harm.
    resolve: async (name) => names[name]?.shift() ?? [],
  });
  return async (target: Omit<DialTarget, 'signal'> & { signal?: AbortSignal }): Promise<Socket> => {
    const socket = await dial({ signal, ...target });
    onTestFinished(() => void socket.destroy());
    return socket;
  };
}

/** A server of this machine that counts who comes. */
async function listen(server: Server | Http2SecureServer): Promise<{ port: number; came: () => number }> {
  let count = 0;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    count += 1;
    open.add(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, came: () => count };
}

const greeting = (socket: Socket): void => void socket.write('220 here\r\n');

/** Whatever comes next, which is one line here. */
async function lineOf(socket: Socket): Promise<string> {
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString('utf8');
}

describe('an address that is not public', () => {
  test.each([
    '127.0.0.1',
    '::1',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    'fe80::1%lo',
  ])('is not dialled: %s', async (host) => {
    await expect(dialWith()({ host, port: 9 })).rejects.toMatchObject({ code: 'REFUSED_ADDRESS' });
  });

  test.each(['2130706433', '0x7f000001', '017700000001', '127.1', 'localhost'])(
    'is not dialled by another way of writing it, which the system makes an address of: %s',
    async (host) => {
      const { port, came } = await listen(createServer(greeting));
      const dial = dialWith({ names: { [host]: [['127.0.0.1']] } });
      await expect(dial({ host, port })).rejects.toMatchObject({ code: 'REFUSED_ADDRESS' });
      expect(came()).toBe(0);
    },
  );

  test('is not dialled by a name that stands for another one, as well or next time', async () => {
    const { port, came } = await listen(createServer(greeting));
    const names = {
      'mixed.example': [['93.184.215.14', '127.0.0.1']],
      'mapped.example': [['::ffff:127.0.0.1']],
      'rebinding.example': [['127.0.0.1'], ['93.184.215.14']],
    };
    for (const host of Object.keys(names))
      await expect(dialWith({ names })({ host, port, tls: {} })).rejects.toMatchObject({ code: 'REFUSED_ADDRESS' });
    expect(came()).toBe(0);
  });

  test('is dialled when the operator allowed it, and the name is looked up once', async () => {
    const { port } = await listen(createServer(greeting));
    const names = { 'mail.example': [['127.0.0.1'], ['10.0.0.5']] };
    const socket = await dialWith({ allow: ['127.0.0.0/8'], names })({ host: 'mail.example', port });
    expect([socket.remoteAddress, await lineOf(socket)]).toEqual(['127.0.0.1', '220 here\r\n']);
    expect(names['mail.example']).toEqual([['10.0.0.5']]);
  });
});

describe('a socket', () => {
  const dial = dialWith({ allow: ['127.0.0.0/8'] });

  test('is encrypted from the first byte, when the certificate is that of the host', async () => {
    const { port } = await listen(createTlsServer(testCertificate, greeting));
    const socket = await dial({ host: '127.0.0.1', port, tls: { ca: cert } });
    expect([Reflect.get(socket, 'authorized'), await lineOf(socket)]).toEqual([true, '220 here\r\n']);
  });

  test('is not opened when nobody vouches for the certificate, or it is that of another', async () => {
    const { port } = await listen(createTlsServer(testCertificate, greeting));
    const at = { host: '127.0.0.1', port };
    await expect(dial({ ...at, tls: {} })).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await expect(dial({ ...at, tls: { ca: cert, servername: 'other.example' } })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  test('can be encrypted later when it is not at first, as by STARTTLS', async () => {
    const server = createServer((socket) => {
      socket.write('220 here\r\n');
      socket.once('data', () => {
        socket.write('220 go ahead\r\n');
        secure.emit('connection', socket);
      });
    });
    const secure = createTlsServer(testCertificate, (socket) => void socket.write('250 in private\r\n'));
    const { port } = await listen(server);
    const socket = await dial({ host: '127.0.0.1', port });
    await lineOf(socket);
    socket.write('STARTTLS\r\n');
    await lineOf(socket);
    const secured = upgrade({ socket, servername: 'service.example', ca: cert });
    expect(await lineOf(secured)).toBe('250 in private\r\n');
    secured.destroy();
  });

  test('is what node:http2 wants of createConnection', async () => {
    const server = createSecureServer(testCertificate, (request, response) => response.end(`you asked ${request.url}`));
    const { port } = await listen(server);
    const socket = await dial({
      host: '127.0.0.1',
      port,
      tls: { servername: 'service.example', alpn: ['h2'], ca: cert },
    });
    const session = connectHttp2('https://service.example', { createConnection: () => socket });
    const request = session.request({ ':path': '/3/device/x' }).setEncoding('utf8');
    expect((await once(request, 'data'))[0]).toBe('you asked /3/device/x');
    session.close();
    await once(session, 'close');
  });

  test('is given up when nobody answers and its signal says so, and before it is begun', async () => {
    const { port, came } = await listen(createServer());
    const stop = new AbortController();
    // Connected, and no handshake ever.
    const dialled = dial({ host: '127.0.0.1', port, tls: {}, signal: stop.signal });
    await expect.poll(came).toBe(1);
    stop.abort(new Error('enough'));
    await expect(dialled).rejects.toThrow('enough');
    await expect(dial({ host: '127.0.0.1', port, signal: stop.signal })).rejects.toThrow('enough');
    expect(came()).toBe(1);
  });

  test('says why it could not be connected', async () => {
    const server = createServer();
    const { port } = await listen(server);
    server.close();
    await expect(dial({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const hangsUp = await listen(createServer((socket) => void socket.destroy()));
    await expect(dial({ host: '127.0.0.1', port: hangsUp.port, tls: {} })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});
