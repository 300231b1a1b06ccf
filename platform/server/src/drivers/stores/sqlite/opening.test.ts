// Which files are opened and which are refused, with the reason.

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newApp, sampleMessage } from '../../../../test/support/samples.ts';
import { createTemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { TemporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { asAppId } from '../../../ports/app-id.ts';
import { createSqliteStores } from './create-sqlite-stores.ts';
import { migrations } from './migrations/index.ts';
import { StoreOpenError } from './open-error.ts';

let folder: TemporaryFolder;
let file: string;
beforeEach(() => {
  folder = createTemporaryFolder();
  file = join(folder.path, 'belfry.db');
});
afterEach(() => folder.remove());

async function openAndClose(): Promise<void> {
  const stores = await createSqliteStores({ file });
  await stores.close();
}

function change(sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

test('a folder that is not there is made, and nobody else may read the file', async () => {
  file = join(folder.path, 'deep', 'down', 'belfry.db');
  await openAndClose();
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a file of a newer version is refused and left as it was', async () => {
  await openAndClose();
  change('PRAGMA user_version = 999');
  const refused = createSqliteStores({ file });
  await expect(refused).rejects.toThrow(StoreOpenError);
  await expect(refused).rejects.toMatchObject({
    reason: 'newer_version',
    file,
    message: expect.stringContaining('999'),
  });
  change(`PRAGMA user_version = ${migrations.length}`);
  await openAndClose();
});

test('a file of the first version is brought up to this one, with what is in it', async () => {
  await openAndClose();
  rmSync(file);
  change(migrations[0] ?? '');
  change(`INSERT INTO jobs (queue, id, app, payload, state, attempt, added_at, due_at, forget_at, error)
    VALUES ('push', 'j1', 'demo', '{"of":1}', 'dead', 3, 1, 1, 1, 'no')`);
  change(`INSERT INTO kinds (app, kind, body) VALUES ('demo', 'lab', '{"kind":"lab","action":"lab"}');
    INSERT INTO apps (app, tenant_id, body) VALUES ('demo', 'clinic', '{"app":"demo","tenantId":"clinic"}')`);
  change(`INSERT INTO conversations (app, id, attributes, epoch, version, created_at, active_at)
      VALUES ('demo', 'c1', '{"ward":3}', 'e1', 1, 1, 1);
    INSERT INTO messages (app, stream, seq, id, conversation_id, sender_id, cid, body_hash, kind, action, data, policy, stored_at)
      VALUES ('demo', 'c:c1', 1, 'm1', 'c1', 'ann', 'x', 'h', 'message', 'new_message', '{"content":{"text":"检查结果"}}', '{}', 1),
        ('demo', 'c:c1', 2, 'm2', 'c1', 'ann', 'y', 'h', 'message', 'new_message', '{"replyTo":"m1"}', '{}', 2),
        ('demo', 'c:c1', 3, 'm3', 'c1', 'ann', 'z', 'h', 'message', 'new_message', '{"content":{"replyTo":"m1"}}', '{}', 3)`);
  // The id that `database.ts` gives our files: "BLFY".
  change('PRAGMA user_version = 1; PRAGMA application_id = 0x424c4659');
  const stores = await createSqliteStores({ file });
  expect((await stores.diagnostics()).schemaVersion).toBe(migrations.length);
  const { items } = await stores.deadLetters.list(asAppId('demo'), { limit: 5 });
  expect(items).toEqual([{ id: 'j1', payload: { of: 1 }, error: 'no', diedAt: 1 }]);
  expect(await stores.kinds.list(asAppId('demo'))).toEqual([{ kind: 'lab', action: 'lab', version: 1 }]);
  expect(await stores.tenancy.app('demo')).toMatchObject({ tenantId: 'clinic', version: 1 });
  expect(await stores.jobs.counts('push', 2)).toEqual({ waiting: 0, delayed: 0, active: 0 });
  expect(await stores.conversations.get(asAppId('demo'), 'c1')).toMatchObject({ metadata: { ward: 3 } });
  const found = await stores.messages.search(asAppId('demo'), { terms: ['结果'], limit: 5 });
  expect(found.items).toMatchObject([{ id: 'm1', replies: { count: 1, lastAt: 2 } }]);
  const replies = await stores.messages.read(asAppId('demo'), 'c:c1', { limit: 5, only: { replyTo: 'm1' } });
  expect(replies.map(({ id }) => id)).toEqual(['m2']);
  await stores.close();
});

test('the words of messages go by row numbers that a VACUUM keeps, and go when their message goes', async () => {
  const app = newApp();
  const stores = await createSqliteStores({ file });
  await stores.messages.append(
    app,
    [1, 2, 3].map((seq) => sampleMessage({ seq })),
  );
  expect(await stores.messages.prune(app, sampleMessage({ seq: 2 }).storedAt, 5)).toBe(1);
  await stores.close();
  const db = new DatabaseSync(file, { readOnly: true });
  const declared = db.prepare("SELECT name, pk FROM pragma_table_info('messages') WHERE pk > 0").all();
  expect(declared).toMatchObject([{ name: 'rowid', pk: 1 }]);
  const rows = db.prepare('SELECT rowid FROM messages ORDER BY rowid').all();
  expect(rows).toHaveLength(2);
  expect(db.prepare('SELECT rowid FROM searchable_words ORDER BY rowid').all()).toEqual(rows);
  db.close();
});

test('a file of another program, and one that is no database, is refused', async () => {
  change('CREATE TABLE theirs (x)');
  await expect(createSqliteStores({ file })).rejects.toMatchObject({ reason: 'unreadable' });
  writeFileSync(file, 'not a database, but long enough to be looked at as one '.repeat(100));
  await expect(createSqliteStores({ file })).rejects.toMatchObject({ reason: 'unreadable' });
  const notAFile = join(folder.path, 'folder');
  mkdirSync(notAFile);
  await expect(createSqliteStores({ file: notAFile })).rejects.toMatchObject({ reason: 'unreadable' });
});

test('a second opening of one file in this process is refused, and allowed when the first has closed', async () => {
  const stores = await createSqliteStores({ file });
  await expect(createSqliteStores({ file })).rejects.toMatchObject({ reason: 'in_use' });
  await stores.installation.set('still', 'works');
  await stores.close();
  await openAndClose();
});

test('a file that another process has is refused until that process is killed', { timeout: 30_000 }, async () => {
  const program = fileURLToPath(new URL('../../../../test/support/append-forever.ts', import.meta.url));
  const child = spawn(process.execPath, [program, folder.path, newApp()], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => void child.on('close', resolve));
  await new Promise((resolve) => void child.stdout.once('data', resolve));
  child.stdout.resume();
  await expect(createSqliteStores({ file })).rejects.toMatchObject({ reason: 'in_use' });
  child.kill('SIGKILL');
  await closed;
  await openAndClose();
});

test('a second process may look while the first works, and may not write', async () => {
  const stores = await createSqliteStores({ file });
  await stores.installation.set('name', 'value');
  const reader = await createSqliteStores({ file, readOnly: true });
  expect(await reader.installation.get('name')).toBe('value');
  await stores.installation.set('name', 'newer');
  expect(await reader.installation.get('name')).toBe('newer');
  await expect(reader.installation.set('name', 'theirs')).rejects.toThrow('read-only');
  expect(reader.state()).toBe('up');
  await reader.close();
  await stores.close();
});
