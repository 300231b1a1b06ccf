// Sends notifications to browsers by Web Push: encrypts for the subscription, signs with VAPID, makes one
// call. The service worker shows them.
import { createHash } from 'node:crypto';
import {
  accepted,
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  rejected,
  retry,
  z,
  type NotificationPriority,
  type Outcome,
} from '@belfry/plugin-kit';
import webPush, { type RequestOptions } from 'web-push';
import {
  browserPushServices,
  headersFor,
  isKeyRefused,
  isServiceOf,
  isTooLarge,
  mustShow,
  outcomeOf,
} from './push-service.ts';
import { KeyPairs, type KeyPair } from './key-pairs.ts';
import { plainBytes, textsOf } from './payload.ts';
import { isPair, notOnePair, vapidSchema } from './vapid.ts';

/**
 * Of what a push service takes, kept free for the fields beside title, body and data: count, collapse key, priority, badge, the
 * address of a picture.
 */
const frameBytes = 600;
/** Push services keep a push for 28 days at most. */
const longestTtlSeconds = 28 * 24 * 3600;

const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|\/|$)/;

export default defineNotificationProvider({
  id: 'webpush',
  channel: 'push',
  displayName: 'Web Push',
  description:
    'Notifications to browsers, also while no page is open. Needs a pair of VAPID keys: `npx belfry vapid` makes one.',
  texts: {
    zh: {
      displayName: '网页推送（Web Push）',
      description: '向浏览器推送通知，页面关闭时也能送达。需要一对 VAPID 密钥：`npx belfry vapid` 可生成。',
    },
  },
  docsUrl: 'https://developer.mozilla.org/docs/Web/API/Push_API',
  config: z
    .strictObject({
      ...vapidSchema,
      pushServices: labelled(
        z
          .array(z.string().regex(/^[a-z0-9.-]+$/, 'must be a host name'))
          .min(1)
          .max(50)
          .default(browserPushServices),
        {
          en: [
            'Push services',
            'Hosts that pushes may go to, with the hosts below them. A subscription of any other is refused.',
          ],
          zh: ['推送服务', '允许推送到的主机及其子域名；其他主机的订阅会被拒绝。'],
        },
      ),
      clear: labelled(z.boolean().default(true), {
        en: [
          'Take away what was read elsewhere',
          'By a push that shows nothing. Never sent to Safari, which withdraws the permission for such.',
        ],
        zh: ['已读后清除通知', '通过不显示内容的推送实现；不会发给 Safari，否则它会收回通知权限。'],
      }),
    })
    .refine(isPair, { path: ['privateKey'], error: notOnePair }),
  // An endpoint is made for one subscription and cannot be guessed.
  targetsAreSecret: true,
  // The form of `PushSubscription.toJSON()`.
  target: z.strictObject({
    endpoint: z
      .url()
      .max(2048)
      .refine((url) => url.startsWith('https://') || loopback.test(url), 'must be an https address'),
    expirationTime: z.number().nullable().optional(),
    keys: z.strictObject({
      p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}=?$/, 'must be 65 bytes in base64url'),
      auth: z.string().regex(/^[A-Za-z0-9_-]{22}(==)?$/, 'must be 16 bytes in base64url'),
    }),
  }),
  limits: { payloadBytes: plainBytes - frameBytes },
  supports: { collapse: true, ttl: true, priority: true, clear: true, image: true },
  publicConfig: ({ publicKey }) => ({ vapidPublicKey: publicKey }),

  setup({ config, fetch, clock, log }) {
    const { subject, publicKey, privateKey, previousKeys = [], pushServices } = config;
    const pairs = new KeyPairs([{ publicKey, privateKey }, ...previousKeys], () => clock.now());

    /** With the pair that the browser subscribed with: what is signed with another is refused. */
    async function post({ endpoint, keys }: Target, push: Push): Promise<Outcome> {
      if (!isServiceOf(endpoint, pushServices)) {
        return rejected('target_invalid', `${new URL(endpoint).hostname} is not among the push services`);
      }
      let ofNewest = rejected('credentials', 'there are no keys');
      for (const pair of pairs.inOrder(endpoint)) {
        const outcome = await signed({ endpoint, keys }, pair, push);
        if (!isKeyRefused(outcome)) return concluded(outcome, { endpoint, pair });
        if (pairs.isNewest(pair)) ofNewest = outcome;
      }
      return ofNewest;
    }

    async function signed({ endpoint, keys }: Target, pair: KeyPair, push: Push): Promise<Outcome> {
      // A service worker that reads it subscribes anew.
      const change = pairs.isNewest(pair) ? {} : { vapidPublicKey: publicKey };
      const texts = textsOf({ ...push.payload, ...change });
      const ttl = Math.min(Math.max(0, Math.floor(push.ttlSeconds)), longestTtlSeconds);
      const options = { TTL: ttl, urgency: push.urgency, topic: topicOf(push.collapseKey) };
      let outcome: Outcome = rejected('payload', `more than ${plainBytes} bytes`);
      for (const text of texts) {
        const request = encrypt({ endpoint, keys }, text, { vapidDetails: { subject, ...pair }, ...options });
        if (request === undefined) return rejected('target_invalid', 'the key of the subscription is none');
        try {
          const headers = { ...request.headers, ...headersFor(endpoint, ttl) };
          const response = await fetch(endpoint, { method: 'POST', headers, body: request.body, signal: push.signal });
          outcome = await outcomeOf(response, { nowMs: clock.now(), attempt: push.attempt });
        } catch (error) {
          return outcomeOfFailure(error);
        }
        if (!isTooLarge(outcome)) return outcome;
      }
      return outcome;
    }

    function concluded(outcome: Outcome, { endpoint, pair }: { endpoint: string; pair: KeyPair }): Outcome {
      if (outcome.outcome === 'accepted') {
        pairs.taken(endpoint, pair);
        // Read by who wants to know whether an earlier pair is still needed.
        if (!pairs.isNewest(pair)) log.info({ earlierKey: pair.publicKey }, 'push');
      }
      const isGone = outcome.outcome === 'rejected' && outcome.reason === 'target_gone';
      if (!isGone || !pairs.isExchanged(endpoint)) return outcome;
      // The device would be removed while its browser is about to say where it is now.
      return retry('the browser changes its subscription', exchangeMs, { scope: 'target' });
    }

    return {
      send({ device, notification }, { signal, attempt }) {
        const { title, body, count, collapseKey, priority, ttlSeconds, data, badge, imageUrl } = notification;
        const payload = { type: 'push', title, body, count, collapseKey, priority, data, badge, imageUrl };
        const urgency = urgencyOf[priority];
        return post(device.target, { payload, collapseKey, ttlSeconds, urgency, signal, attempt });
      },
      async clear({ device, collapseKey }, { signal, attempt }) {
        if (!config.clear || mustShow(device.target.endpoint)) return accepted();
        // The push service replaces a waiting notification of the same topic by this one; the older one is
        // never shown.
        const payload = { type: 'clear', collapseKey };
        return post(device.target, { payload, collapseKey, ttlSeconds: clearSeconds, urgency: 'low', signal, attempt });
      },
      /** A push service cannot be asked without a subscription. */
      check: () => ({
        ok: true,
        ...(previousKeys.length === 0 ? {} : { detail: sayEarlier(previousKeys) }),
      }),
    };
  },
});

/** A service worker has exchanged its subscription by then. */
const exchangeMs = 20_000;

function sayEarlier(earlier: readonly KeyPair[]): string {
  const keys = earlier.map(({ publicKey }) => `${publicKey.slice(0, 8)}...`).join(', ');
  return `browsers still get pushes with earlier keys: ${keys}. Take one out when no line "push" of the log names it`;
}

interface Target {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

interface Push {
  payload: Parameters<typeof textsOf>[0];
  collapseKey: string;
  ttlSeconds: number;
  urgency: Urgency;
  signal: AbortSignal;
  attempt: number;
}

type Urgency = NonNullable<RequestOptions['urgency']>;

/** Somebody who switches a device on after longer than this sees what is new in the application itself. */
const clearSeconds = 24 * 3600;

const urgencyOf: Readonly<Record<NotificationPriority, Urgency>> = {
  low: 'low',
  normal: 'normal',
  high: 'high',
  urgent: 'high',
};

/** At most 32 characters of base64url (RFC 8030, 5.4), whatever the key holds. */
function topicOf(collapseKey: string): string {
  return createHash('sha256').update(collapseKey).digest('base64url').slice(0, 32);
}

/** Undefined when the subscription's key is no point of the curve. */
function encrypt(target: Target, payload: string, options: RequestOptions): Encrypted | undefined {
  try {
    const { headers, body } = webPush.generateRequestDetails(target, payload, options);
    // Its types say strings for all; some of the values are numbers.
    const made: Readonly<Record<string, string | number>> = headers;
    // The HTTP client counts by itself.
    const kept = Object.entries(made).filter(([name]) => name.toLowerCase() !== 'content-length');
    return { headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])), body };
  } catch {
    return undefined;
  }
}

interface Encrypted {
  headers: Record<string, string>;
  body: Buffer;
}
