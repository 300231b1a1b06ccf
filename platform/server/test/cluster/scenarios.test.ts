// Some scenarios on the cluster engine in every run of the tests, chosen so that each port of it has work to
// do; presence has presence.test.ts. All of them, and pages in a browser: `npm run test:cluster`, as `.ci/run` calls it.

import { afterAll, describe } from 'vitest';
import { putOnCluster } from '../support/engine-under-test.ts';
import { startMongo } from '../support/mongo-server.ts';

// Before the scenarios are read: some ask for the engine as they are.
const mongo = await startMongo();
putOnCluster(mongo.url);
afterAll(() => mongo.stop());

describe('on the cluster engine: conversations', () =>
  import('../scenarios/conversations.test.ts').then(() => undefined));
describe('on the cluster engine: pushes', () => import('../scenarios/web-push.test.ts').then(() => undefined));
describe('on the cluster engine: pushes given up', () =>
  import('../scenarios/dead-letters.test.ts').then(() => undefined));
describe('on the cluster engine: hooks', () => import('../scenarios/hooks.test.ts').then(() => undefined));
