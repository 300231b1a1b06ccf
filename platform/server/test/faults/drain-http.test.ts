// A drain comes to its end however often a caller repeats its requests on the connection it has (G16).

import { Agent, request } from 'node:http';
import { test } from 'vitest';
import { startNodes } from './nodes.ts';
import { Notebook } from './notebook.ts';
import { apps } from './setting.ts';

test('a caller that asks again and again on its connections does not keep a server from stopping', async () => {
  const nodes = await startNodes({ notebook: new Notebook(), providerUrl: 'http://127.0.0.1:9', foundations: [{}] });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const [app] = apps;
  const options = {
    agent,
    method: 'PUT',
    headers: { authorization: `Bearer ${app?.apiKey ?? ''}`, 'content-type': 'application/json' },
  };
  /**
   * Waits for the disk, so that the server has it when it is told to stop. Resolves with the status;
   * undefined when the connection is gone.
   */
  const ask = (): Promise<number | undefined> =>
    new Promise((resolve) => {
      const asked = request(`${nodes.urls[0] ?? ''}/api/v1/conversations/c1`, options, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
      });
      asked.once('error', () => resolve(undefined));
      asked.end(JSON.stringify({ participants: [{ userId: 'ann' }] }));
    });
  const begun = Promise.withResolvers<undefined>();
  let answered = 0;
  const lane = async (): Promise<void> => {
    while ((await ask()) !== undefined) {
      answered += 1;
      if (answered === 100) begun.resolve(undefined);
    }
  };
  // Several, so that at any moment some of them are under way.
  const asking = Array.from({ length: 8 }, lane);
  await begun.promise;
  await nodes.stop();
  await Promise.all(asking);
  agent.destroy();
});
