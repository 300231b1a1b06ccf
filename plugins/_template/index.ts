// Sends each notification by Template, in one call. The host owns retries, time-outs and limits.
import {
  accepted,
  defineNotificationProvider,
  outcomeOfFailure,
  outcomeOfStatus,
  rejected,
  secret,
  z,
} from '@belfry/plugin-kit';

/** The part of an answer that is used. Anything else in it is ignored. */
const answerSchema = z.object({ id: z.string().optional(), error: z.string().optional() }).catch({});

export default defineNotificationProvider({
  id: 'template',
  channel: 'sms',
  displayName: 'Template',
  description: 'Sends each notification by Template.',
  docsUrl: 'https://example.com/docs',
  config: z.strictObject({
    // Configurable, so that tests and private installations can point it elsewhere.
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://api.example.com')
      .meta({ title: 'Address' }),
    apiKey: secret(z.string().min(16)).meta({ title: 'API key', description: 'Account, then API keys.' }),
  }),
  target: z.strictObject({
    phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +4915112345678'),
  }),
  limits: { titleChars: 60, bodyChars: 400, perSecond: 20 },
  supports: {},

  setup: ({ config, fetch, clock }) => ({
    async send({ id, device, notification }, { signal }) {
      const headers = {
        authorization: `Bearer ${config.apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': id,
      };
      const body = JSON.stringify({ to: device.target.phone, text: `${notification.title}: ${notification.body}` });
      try {
        const response = await fetch(new URL('/messages', config.baseUrl), { method: 'POST', headers, body, signal });
        const answer = answerSchema.parse(await response.json().catch(() => ({})));
        if (response.ok) return accepted(answer.id);
        if (answer.error === 'unknown_number') return rejected('target_gone', 'The service does not know this number.');
        return outcomeOfStatus(response.status, response.headers, clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
  }),
});
