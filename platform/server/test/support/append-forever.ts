// A program that a test kills: appends to a data file until then, and says of each message that it was
// stored. Run: node append-forever.ts FOLDER APP.

import { writeSync } from 'node:fs';
import { asAppId } from '../../src/ports/app-id.ts';
import { createSqliteStores } from '../../src/drivers/stores/sqlite/create-sqlite-stores.ts';
import { sampleMessage } from './samples.ts';

const [, , dataDir = '', key = ''] = process.argv;
const app = asAppId(key);
const stores = await createSqliteStores({ dataDir });

const pause = new Int32Array(new SharedArrayBuffer(4));

await Promise.all(['c:a', 'c:b', 'c:c'].map(appendForever));

async function appendForever(stream: string): Promise<never> {
  let seq = (await stores.messages.heads(app, [stream])).get(stream)?.seq ?? 0;
  for (;;) {
    seq += 1;
    await stores.messages.append(app, [sampleMessage({ stream, seq, cid: `cid-${seq}` })]);
    say(`${stream} ${seq}\n`);
  }
}

/**
 * Synchronously, so that a line that was not written is a message that nobody learnt of. A test that is slow
 * to read makes it wait.
 */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
