// What many journeys cost that are read at once. What every driver promises of them is
// test/contracts/stores/journeys.contract.ts.

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMongo, type MongoServer } from '../../../../test/support/mongo-server.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { silentLog } from '../../../ports/log.ts';
import type { JourneyRow } from '../../../ports/stores/index.ts';
import { createSystemClock } from '../../clock.ts';
import { createMongoStores } from './create-mongo-stores.ts';

let server: MongoServer;
beforeAll(async () => void (server = await startMongo()));
afterAll(() => server.stop());

test('twenty journeys that are read at once are looked for twice, and each has its own rows', async () => {
  const looks: unknown[] = [];
  const stores = await createMongoStores({
    address: { url: server.url, database: `journeys-${process.pid}` },
    clock: createSystemClock(),
    log: silentLog,
    onCommand: (command) => {
      if (command['find'] === 'journeys') looks.push(command);
    },
  });
  onTestFinished(() => stores.close());
  const app = newApp();
  const numbers = Array.from({ length: 20 }, (_, at) => at + 1);
  const plan = (n: number): JourneyRow => ({ type: 'plan', messageId: `m${n}`, at: n, body: `plan ${n}` });
  const acks = (n: number): JourneyRow => ({
    ...{ type: 'acks', at: 100 + n, body: `acks ${n}` },
    range: { stream: 'c:c1', from: n, to: n + 1 },
  });
  for (const n of numbers) await stores.journeys.append(app, [plan(n), acks(n)]);
  const read = (n: number) => stores.journeys.read(app, { messageId: `m${n}`, at: [{ stream: 'c:c1', seq: n }] });
  const found = await Promise.all(numbers.map(read));
  expect(found.map((rows) => rows.map(({ body }) => body))).toEqual(
    numbers.map((n) => [`plan ${n}`, ...(n > 1 ? [`acks ${n - 1}`] : []), `acks ${n}`]),
  );
  expect(looks).toHaveLength(2);
  // One that is asked for later sees what was written since.
  await stores.journeys.append(app, [acks(1)]);
  expect(await read(1)).toHaveLength(3);
});
