// A server that is told to stop while its store is away: what it can bring to an end it does, and it says what it
// could not.

import { BelfryError } from '@belfry/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openEngine } from '../../src/compose/open-engine.ts';
import { createClients } from '../support/clients.ts';
import { putConversation, say } from '../support/clinic.ts';
import { startWholeServer } from '../support/whole-server.ts';

test('acknowledgements that the store does not take keep no other part from its end', async () => {
  let isAway = false;
  const closed = vi.fn();
  const server = await startWholeServer({
    foundation: {
      async openEngine(config, deps) {
        const engine = await openEngine(config, deps);
        const { stores } = engine;
        const advance: typeof stores.cursors.advance = async (app, changes) => {
          if (isAway) throw new BelfryError('unavailable');
          await stores.cursors.advance(app, changes);
        };
        const close = async (): Promise<void> => {
          await engine.close();
          closed();
        };
        return but(engine, { stores: but(stores, { cursors: but(stores.cursors, { advance }) }), close });
      },
    },
  });
  onTestFinished(() => server.stop().catch(() => undefined));
  const clients = createClients(() => server);
  await putConversation(server, 'c1', ['alice', 'bob']);
  const bob = await clients.connect({ userId: 'bob', page: '/chat' });
  await say(server, 'c1', { from: 'alice' });
  const { seq } = await bob.event('new_message');
  isAway = true;
  await bob.ask('ack', { cursors: [{ stream: 'c:c1', seq }] });
  await server.line(({ msg }) => msg === 'acknowledgements wait for the store');
  await clients.closeAll();
  await expect(server.server.stop()).rejects.toMatchObject({ errors: [{ code: 'unavailable' }] });
  expect(closed).toHaveBeenCalledOnce();
  expect(server.lines.filter(({ msg }) => msg === 'drain').map(({ phase }) => phase)).not.toContain('done');
});

/** The same, but for some of its members; the others are called on it as it is. */
function but<T extends object>(of: T, instead: Partial<T>): T {
  return new Proxy(of, {
    get(target, name) {
      if (name in instead) return Reflect.get(instead, name) as unknown;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}
