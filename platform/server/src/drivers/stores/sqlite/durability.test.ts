// A call that resolved is in the file whatever happens to the process (docs/guarantees.md, G1), with a real
// process and a real kill -9.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newApp } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { TemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { createSqliteStores } from './create-sqlite-stores.ts';

const program = fileURLToPath(new URL('../../../../test/support/append-forever.ts', import.meta.url));
let folder: TemporaryFolder;
beforeEach(() => void (folder = createTemporaryFolder()));
afterEach(() => folder.remove());

test('nothing that resolved is lost when the process is killed, five times in a row', { timeout: 60_000 }, async () => {
  const app = newApp();
  const confirmed = new Map<string, number>();
  for (let round = 1; round <= 5; round += 1) {
    const lines = await runAndKill([folder.path, app], 20 * round);
    for (const line of lines) {
      const [stream = '', seq = ''] = line.split(' ');
      expect(Number(seq), 'the program goes on where the log ends').toBeGreaterThan(confirmed.get(stream) ?? 0);
      confirmed.set(stream, Number(seq));
    }
    const stores = await createSqliteStores({ dataDir: folder.path });
    for (const [stream, seq] of confirmed) {
      const kept = await stores.messages.read(app, stream, { limit: 1_000_000 });
      expect(kept.map((message) => message.seq)).toEqual(kept.map((_, index) => index + 1));
      expect(kept.length).toBeGreaterThanOrEqual(seq);
    }
    await stores.close();
  }
  expect(confirmed.size).toBe(3);
});

test('the file is written through to the disk before anything resolves, unless confirmed otherwise', async () => {
  for (const [synchronous, level] of [
    ['FULL', 2],
    ['NORMAL', 1],
  ] as const) {
    const stores = await createSqliteStores({ dataDir: folder.path, synchronous });
    expect(await stores.diagnostics()).toMatchObject({ journalMode: 'wal', synchronous: level });
    await stores.close();
  }
});

/** The whole lines that the program wrote until it was killed, which is as soon as there are `enough`. */
async function runAndKill(args: readonly string[], enough: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > enough) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => void child.on('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return output.split('\n').slice(0, -1);
}
