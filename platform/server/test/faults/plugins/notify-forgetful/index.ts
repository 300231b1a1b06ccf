// The webhook provider with its collapse key switched off: each notification has a key of its own. Only for
// the test that proves that G12 needs the key.
import { defineNotificationProvider, outcomeOfFailure, outcomeOfStatus, z } from '@belfry/plugin-kit';
import { randomUUID } from 'node:crypto';

export default defineNotificationProvider({
  id: 'forgetful',
  channel: 'webhook',
  displayName: 'Forgetful',
  description: 'Only for a test.',
  config: z.looseObject({ url: z.url() }),
  target: z.looseObject({ id: z.string() }),
  supports: { collapse: false, ttl: true, priority: true, silent: true, clear: false },

  setup: ({ config, fetch, clock }) => ({
    async send({ app, userId, device, notification }, { signal }) {
      const forgotten = { ...notification, collapseKey: randomUUID() };
      const body = JSON.stringify({ type: 'push', app, userId, device, notification: forgotten });
      try {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(config.url, { method: 'POST', headers, body, signal });
        return outcomeOfStatus(response.status, response.headers, clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
  }),
});
