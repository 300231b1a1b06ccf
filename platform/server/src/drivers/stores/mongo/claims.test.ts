// Push claims where another one comes between the write of a claim and its reading back. What every driver promises
// of claims is test/contracts/stores/cursors.contract.ts.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import type { ClaimRequest } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { claimCursors } from './claims.ts';
import { Collection, type Stored } from './collection.ts';
import { MongoConnection } from './connection.ts';
import { cursorCollection, type CursorDocument } from './cursor-document.ts';
import { prepareCollections } from './prepare.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

/** `between` runs after the next write, before it is read back; as often as it is given. */
async function openCursors() {
  const address = { url: server.url, database: `claims-${process.pid}` };
  const connection = await MongoConnection.open({ address, clock: createSystemClock(), log: silentLog });
  onTestFinished(() => connection.close());
  await prepareCollections(connection, [cursorCollection]);
  const between: (() => Promise<unknown>)[] = [];
  class Watched extends Collection<CursorDocument> {
    override async find(...args: Parameters<Collection<CursorDocument>['find']>): Promise<Stored<CursorDocument>[]> {
      await between.shift()?.();
      return super.find(...args);
    }
  }
  const app = newApp();
  const plain = new Collection(connection, cursorCollection);
  const watched = new Watched(connection, cursorCollection);
  const request = (claimId: string, seq: number): ClaimRequest => ({
    ...{ stream: 's', seq, through: seq, userIds: ['alice'], claimId, heldBackBy: 'seen' },
  });
  return {
    between,
    cursors: plain,
    app,
    claim: (claimId: string, seq: number) => claimCursors(watched, app, request(claimId, seq)),
    rival: (claimId: string, seq: number) => claimCursors(plain, app, request(claimId, seq)),
  };
}

test('a claim whose id was there, and is covered by another one when it is read, is decided again', async () => {
  const { between, claim, rival } = await openCursors();
  await rival('a', 1);
  between.push(() => rival('b', 2));
  const [outcome] = await claim('a', 4);
  expect(outcome).toMatchObject({ result: 'won', cursor: { pushed: 4, claim: { id: 'a', from: 2 } } });
});

test('a claim whose cursor is deleted before it is read is made again', async () => {
  const { between, claim, cursors, app } = await openCursors();
  between.push(() => cursors.remove({ app, stream: 's', user: 'alice' }));
  expect(await claim('a', 1)).toMatchObject([{ result: 'won', cursor: { pushed: 1, claim: { id: 'a', from: 0 } } }]);
});

test('a claim that is never decided is refused after five tries', async () => {
  const { between, claim, cursors, app } = await openCursors();
  const lost = () => cursors.remove({ app, stream: 's', user: 'alice' });
  between.push(lost, lost, lost, lost, lost);
  await expect(claim('a', 1)).rejects.toMatchObject({ code: 'unavailable' });
  expect(between).toHaveLength(0);
});
