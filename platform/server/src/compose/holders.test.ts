// The process that has a port is found, and a port that nobody has belongs to nobody. Files: test/hostile/start.test.ts.
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { describeTakenPort, findPortHolder } from './holders.ts';

async function takePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.runIf(process.platform === 'linux')('on Linux the process that has a port is found', async () => {
  const port = await takePort();
  const holder = await findPortHolder(port);
  expect(holder?.pid).toBe(process.pid);
  const text = await describeTakenPort(port);
  expect(text).toContain(`process ${process.pid} has port ${port} (`);
  expect(text).toContain(`kill ${process.pid}`);
  expect(text).toContain(`PORT=${port + 1} npm start`);
});

test('a port that nobody has, or that cannot be looked up, comes with the command that looks it up', async () => {
  // No port is that high.
  expect(await findPortHolder(70_000)).toBeUndefined();
  expect(await describeTakenPort(70_000)).toMatch(/find it with `(ss|lsof|netstat) .*`, or take another port/);
});
