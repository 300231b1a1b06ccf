// The answers to an upload that is not right (docs/bad-input.md, the third table, its last row), again and
// again: nothing is left behind. More of them: scenarios/uploads-hostile.test.ts.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { html, png, program } from '../support/sample-files.ts';
import { startAttackedServer, type AttackedServer, type Row } from './attacked-server.ts';
import { RawSocket } from './raw-socket.ts';

const maxBytes = 10_000;
let attacked: AttackedServer;
let user: string;
/** Files before the first upload; half ones count as well. */
let clean: readonly string[];
beforeAll(async () => {
  attacked = await startAttackedServer({ settings: { uploads: { maxBytes } } });
  user = await attacked.tokenOf('mallory');
  await attacked.settled();
  clean = filesOf(attacked);
});
afterAll(() => attacked.stop());

interface Sending {
  name?: string;
  type?: string;
  content?: Buffer;
}

function formOf({ name = 'a.png', type = 'image/png', content = png }: Sending): Buffer {
  const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')]);
}

const headers = () => ({ authorization: `Bearer ${user}`, 'content-type': 'multipart/form-data; boundary=x' });

function filesOf({ whole }: AttackedServer): string[] {
  return readdirSync(join(whole.server.dataDir, 'uploads'), { recursive: true, encoding: 'utf8' });
}

/**
 * The test's own time limit bounds the wait. Not by vitest's `poll`, which keeps something of each call until
 * the test is over.
 */
async function cleared(given: AttackedServer): Promise<void> {
  while (filesOf(given).length > clean.length) await pause(5);
}

function refused(status: number, code: string, sending: Sending): Row['run'] {
  return async (given) => {
    const answer = await given.call('/api/v1/uploads', { method: 'POST', headers: headers(), body: formOf(sending) });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    await cleared(given);
  };
}

const rows: readonly Row[] = [
  { name: 'one over the limit', run: refused(413, 'too_large', { content: Buffer.alloc(maxBytes + 1, png) }) },
  {
    name: 'a type that is not allowed',
    run: refused(415, 'unsupported_media_type', { name: 'a.html', type: 'text/html', content: html }),
  },
  { name: 'a page called a picture', run: refused(415, 'unsupported_media_type', { content: html }) },
  { name: 'a program called a picture', run: refused(415, 'unsupported_media_type', { content: program }) },
  {
    name: 'one that is interrupted',
    async run(given) {
      const socket = await RawSocket.open(given.url);
      const whole = formOf({ content: Buffer.alloc(maxBytes - 1000, png) });
      const lines = Object.entries({ host: 'x', 'content-length': String(whole.length), ...headers() });
      socket.write(
        `POST /api/v1/uploads HTTP/1.1\r\n${lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`,
      );
      socket.write(whole.subarray(0, 5000));
      await socket.destroy();
      // It may not have begun to arrive yet: a file that comes of it later is found by the next row, or by
      // the last test.
      await cleared(given);
    },
  },
];

test.each(rows)('$name', (row) => attacked.withstand(row));

test('no file of all bad uploads is left', async () => {
  await cleared(attacked);
  expect(filesOf(attacked)).toEqual(clean);
});
