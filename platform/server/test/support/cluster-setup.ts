// Of a test run on the cluster engine: one server of MongoDB's protocol for all its files, ended with the run.
// Each whole server has a database of its own there: engine-under-test.ts.

import { putOnCluster } from './engine-under-test.ts';
import { startMongo } from './mongo-server.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const mongo = await startMongo();
  putOnCluster(mongo.url);
  return () => mongo.stop();
}
