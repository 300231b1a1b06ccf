// Posts each notification to an address of the tenant, signed by Standard Webhooks, so that the tenant's own
// service can deliver it. Follows no redirect.
import {
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  outcomeOfStatus,
  secret,
  signedHeaders,
  signWebhook,
  verifyWebhook,
  webhookKey,
  z,
} from '@belfry/plugin-kit';
import type { SendAttempt } from '@belfry/plugin-kit';

const prefix = 'whsec_';
/**
 * The standard asks for 24 to 64 bytes. Shorter keys are in use elsewhere and are accepted; one that can be
 * guessed is refused.
 */
const fewestBytes = 16;

const signingSecret = z.string().superRefine((text, ctx) => {
  const encoded = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) {
    ctx.addIssue(`must be ${prefix} followed by base64 (letters, digits, + and /)`);
    return;
  }
  const bytes = webhookKey(text).length;
  if (bytes < fewestBytes) ctx.addIssue(`holds ${bytes} bytes, and ${fewestBytes} is the fewest: make a longer one`);
});

/** One report of the tenant's service, or several. */
const reportSchema = z.object({
  deliveryId: z.string().min(1).max(100),
  event: z.enum(['delivered', 'opened', 'failed', 'target_gone']),
  atMs: z.number().nonnegative().optional(),
  detail: z.string().optional(),
});
const reportsSchema = z.union([reportSchema.transform((report) => [report]), z.array(reportSchema).max(1000)]);

export default defineNotificationProvider({
  id: 'webhook',
  channel: 'webhook',
  displayName: 'Webhook',
  description: 'Posts each notification to an address of your own, signed. Your service delivers it further.',
  texts: {
    zh: { displayName: 'Webhook', description: '将每条通知以签名请求发送到您自己的地址，由您的服务继续投递。' },
  },
  docsUrl: 'https://www.standardwebhooks.com/',
  config: z.strictObject({
    url: labelled(z.url({ protocol: /^https?$/, error: 'must be an http or https address' }), {
      en: ['Address', 'Answers 2xx when it took the notification, 410 when the device is gone.'],
      zh: ['地址', '接收成功时返回 2xx，设备已失效时返回 410。'],
    }),
    secret: labelled(secret(signingSecret), {
      en: [
        'Signing secret',
        'whsec_ followed by base64 of at least 16 random bytes. Your service checks webhook-signature with it.',
      ],
      zh: ['签名密钥', 'whsec_ 加上至少 16 个随机字节的 base64。您的服务用它校验 webhook-signature。'],
    }),
  }),
  // Passed on as it is: the app and its service agree on what names a device.
  target: z.looseObject({
    id: z.string().min(1).max(512).meta({ title: 'Device', description: 'What your service knows the device by.' }),
  }),
  supports: { collapse: true, ttl: true, priority: true, silent: true, clear: true, receipts: true },

  setup({ config, fetch, clock, receiptUrl }) {
    async function post(id: string, event: object, { signal, traceparent }: SendAttempt) {
      const body = JSON.stringify(event);
      const signed = signWebhook({ id, atMs: clock.now(), body }, [config.secret]);
      const trace = traceparent === undefined ? {} : { traceparent };
      const headers = { 'content-type': 'application/json', ...signed, ...trace };
      try {
        const response = await fetch(config.url, { method: 'POST', headers, body, signal });
        return outcomeOfStatus(response.status, response.headers, clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    }

    return {
      // The id is that of the delivery in every attempt, so a service that remembers ids shows nothing twice.
      send: ({ id, app, userId, device, notification }, attempt) =>
        post(id, { type: 'push', app, userId, device, notification, ...(receiptUrl && { receiptUrl }) }, attempt),
      clear: ({ id, app, userId, device, collapseKey, data }, attempt) =>
        post(id, { type: 'clear', app, userId, device, notification: { collapseKey, data } }, attempt),
      parseReceipt({ headers, body }) {
        const given = new Map(Object.entries(headers));
        const signed = { ...signedHeaders((name) => given.get(name)), body };
        const verdict = verifyWebhook(signed, { secrets: [config.secret], nowMs: clock.now() });
        if (verdict !== 'good') return { refused: `the signature is ${verdict}` };
        const reports = reportsSchema.safeParse(parsed(body));
        return reports.success ? reports.data : { refused: 'is no report, nor a list of reports' };
      },
    };
  },
});

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
