// Where a server says that it is.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let whole: WholeServer;
beforeAll(async () => {
  whole = await startWholeServer({ env: { PUBLIC_URL: 'https://chat.example' } });
});
afterAll(() => whole.stop());

test('a server with PUBLIC_URL tells that, and beside it the port that PORT=0 took', async () => {
  const { url, address } = whole.server;
  expect(url).toBe('https://chat.example');
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
});
