// A data file that went back, lost its end or is another one gives all streams new epochs, and nothing else does.

import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { newApp, sampleMessage } from '../../../../test/support/samples.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { AppId } from '../../../ports/app-id.ts';
import { silentLog } from '../../../ports/log.ts';
import { createSqliteStores, type SqliteStores } from './create-sqlite-stores.ts';
import { positionFileOf } from './position-file.ts';

let folder: TemporaryFolder;
let file: string;
let app: AppId;
let warnings: { msg: string; [field: string]: unknown }[];
let stores: SqliteStores | undefined;
beforeEach(() => {
  folder = createTemporaryFolder();
  file = join(folder.path, 'belfry.db');
  app = newApp();
  warnings = [];
});
afterEach(async () => {
  await stores?.close();
  stores = undefined;
  folder.remove();
});

async function open(): Promise<SqliteStores> {
  const log = { ...silentLog, warn: (msg: string, fields?: object) => void warnings.push({ msg, ...fields }) };
  stores = await createSqliteStores({ file, log });
  return stores;
}

async function close(): Promise<void> {
  await stores?.close();
  stores = undefined;
}

async function append(...seqs: number[]): Promise<void> {
  for (const seq of seqs) await stores?.messages.append(app, [sampleMessage({ stream: 'c:c1', seq })]);
}

async function putConversation(id: string): Promise<void> {
  const conversation = { id, epoch: 'e1', version: 1, createdAt: 1 };
  await stores?.conversations.create(app, conversation, [{ userId: 'ann', role: 'member', joinedAt: 1 }]);
}

/** Of the stream with messages, one that never was, and the conversation over every way. */
async function epochs(): Promise<string[]> {
  const heads = await stores?.messages.heads(app, ['c:c1', 'i:nobody']);
  const found = await stores?.conversations.get(app, 'c1');
  const [listed] = (await stores?.conversations.ofUser(app, 'ann', { limit: 5 })) ?? [];
  return [heads?.get('c:c1')?.epoch, heads?.get('i:nobody')?.epoch, found?.epoch, listed?.conversation.epoch].map(
    String,
  );
}

const same = ['e1', 'e1', 'e1', 'e1'];

/** The first life of a file, with three messages; `backup` holds two. */
async function live(): Promise<void> {
  await open();
  await putConversation('c1');
  await append(1, 2);
  await close();
  copyFileSync(file, `${file}.backup`);
  await open();
  await append(3);
}

async function expectRaised(why: string): Promise<string> {
  const [first = '', ...others] = await epochs();
  expect(first).toMatch(/^e1\.[0-9a-f]{12}$/);
  expect(others).toEqual([first, first, first]);
  expect(warnings).toMatchObject([{ msg: 'epochs raised', file, reason: expect.stringContaining(why) }]);
  return first;
}

describe('epochs stay', () => {
  test('through every kind of end, and when what was stored last is deleted', async () => {
    await live();
    await close();
    await open();
    await append(4);
    await stores?.abort();
    await open();
    await putConversation('c2');
    await stores?.messages.append(app, [sampleMessage({ stream: 'c:c2', seq: 1 })]);
    await stores?.conversations.remove(app, 'c2');
    await stores?.abort();
    await open();
    expect([await epochs(), warnings]).toEqual([same, []]);
  });

  test('for a file of before there were positions', async () => {
    await live();
    await stores?.installation.set('data_id', '');
    await close();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(file);
    db.exec("DELETE FROM installation WHERE name = 'data_id'");
    db.close();
    rmSync(positionFileOf(file));
    await open();
    expect([await epochs(), warnings]).toEqual([same, []]);
  });
});

describe('epochs are raised', () => {
  test('for an earlier state of the file, for good, and each time to another', async () => {
    await live();
    await close();
    const raised: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      // Its content alone: the file is the same.
      writeFileSync(file, readFileSync(`${file}.backup`));
      await open();
      raised.push(await expectRaised(n === 0 ? 'lost what was stored last, message 3 of c:c1' : 'earlier state'));
      warnings = [];
      await append(3);
      await close();
      await open();
      expect([(await epochs())[0], warnings]).toEqual([raised[n], []]);
      await close();
    }
    expect(new Set(raised).size).toBe(2);
  });

  test('for one that lost the end of its log to a damage', async () => {
    await live();
    await append(4, 5);
    // What a log that is cut to nothing leaves: the file as of its last checkpoint.
    const rest = readFileSync(file);
    await close();
    writeFileSync(file, rest);
    await open();
    await expectRaised('lost what was stored last, message 5');
  });

  test('for one that came without its position, or with one that cannot be read', async () => {
    await live();
    await close();
    rmSync(positionFileOf(file));
    await open();
    await expectRaised('without its position file');
    await close();
    warnings = [];
    writeFileSync(positionFileOf(file), '{');
    await open();
    await expectRaised('without its position file');
  });

  test('for a copy of the whole folder, which may be an old one', async () => {
    await live();
    await close();
    const other = createTemporaryFolder();
    onTestFinished(() => other.remove());
    cpSync(folder.path, other.path, { recursive: true });
    file = join(other.path, 'belfry.db');
    await open();
    await expectRaised('it is a copy');
  });

  test('for another data file in the place of one', async () => {
    await live();
    await close();
    rmSync(file);
    rmSync(`${file}-wal`, { force: true });
    const there = file;
    file = join(folder.path, 'theirs.db');
    await open();
    await putConversation('c1');
    await close();
    copyFileSync(file, there);
    file = there;
    await open();
    await expectRaised('another data file');
  });
});

test('a conversation that is made again after that has an epoch of its own', async () => {
  await live();
  await close();
  copyFileSync(`${file}.backup`, file);
  await open();
  const [before] = await epochs();
  await stores?.conversations.remove(app, 'c1');
  await putConversation('c1');
  const [after] = await epochs();
  expect(after).not.toBe(before);
  expect(after).toBe(before?.replace('e1', 'e2'));
});
