// Two gateways of one installation, and each other's connections: the limit of an app, and a directory that
// lost everything.

import { closeCodes } from '@belfry/protocol';
import { expect, test, vi } from 'vitest';
import { startTwoGateways } from '../support/two-gateways.ts';

test('the connections that an app may have are those of all nodes together', async () => {
  const { one, two, connect } = await startTwoGateways({ app: { limits: { connections: 2 } } });
  await connect(one, 'alice');
  await connect(two, 'bob');
  // Here, since the counts of other nodes may be a second old.
  await expect(connect(two, 'carol')).rejects.toThrow(`closed with ${closeCodes.connection_limit.code}`);
});

test('connections are found again after the directory has lost everything', async () => {
  const { directory, one, two, connect } = await startTwoGateways();
  const [alice, bob] = [await connect(one, 'alice'), await connect(two, 'bob')];
  const listed = async (): Promise<unknown> =>
    ((await two.api('GET', '/connections')).body['connections'] as { connectionId: string }[]).map(
      ({ connectionId }) => connectionId,
    );
  expect(await listed()).toEqual([alice.id, bob.id].toSorted());
  directory.loseEverything();
  await vi.waitFor(async () => expect(await listed()).toEqual([alice.id, bob.id].toSorted()));
});
