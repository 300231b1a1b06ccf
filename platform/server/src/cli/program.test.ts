// What the command line says, without a process for each: the table of commands in the docs, and wrong options.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Parts } from '../compose/parts.ts';
import { exitCodes } from './exit-codes.ts';
import { runProgram } from './program.ts';

async function say(...args: string[]) {
  const said: string[] = [];
  const write = (text: string) => void said.push(text);
  // No command of this test reaches the rest of the server.
  const code = await runProgram(args, { parts: {} as Parts, out: write, err: write });
  return { code, said: said.join('\n') };
}

test('each command stands in the table of operations.md, and no other does', async () => {
  const { said } = await say('--help');
  const commands = [...said.matchAll(/^ {2}([a-z]+)(?= )/gm)].map(([, name = '']) => name);
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
  const named = [...page.matchAll(/^\| `npx belfry ([a-z]+)/gm)].map(([, name = '']) => name);
  expect([...new Set(named)].sort()).toEqual(commands.filter((name) => name !== 'help').sort());
});

test.each(['soon', '48h', '0', '-1', '90d', ''])(
  'a token of %j is refused with the forms that there are',
  async (time) => {
    const { code, said } = await say('token', '--app', 'demo', '--user', 'alice', `--expires=${time}`);
    expect(code).toBe(exitCodes.configuration);
    expect(said).toBe(
      `--expires: must be seconds, or a number with a unit as in 15m or 8h, and at most 24h; it is ${JSON.stringify(time)}`,
    );
  },
);

test('health says that nobody answers and why, or that another program does', async () => {
  const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PORT', String((other.address() as AddressInfo).port));
  expect(await say('health')).toMatchObject({ code: 1, said: expect.stringContaining('another program has the port') });
  other.close();
  other.closeAllConnections();
  await once(other, 'close');
  const { said } = await say('health');
  expect(said).toMatch(/does not answer: fetch failed \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/);
});
