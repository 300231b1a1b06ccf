// The transcripts of the protocol, replayed one after another against one running server, as any client or
// server author can replay them.

import { replay, scenarios } from '@belfry/protocol/suite';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { apiKey } from '../support/provision.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';

let server: WholeServer;
beforeAll(async () => {
  server = await startWholeServer();
});
afterAll(() => server.stop());

describe('the transcripts hold', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    await replay({ scenario, baseUrl: server.url, apiKey });
  });
});
