// Sends notifications to Xiaomi phones by MiPush (小米推送). What a phone shows of it, the system shows: MiPush
// holds silent messages back, so there are none.
import {
  checkResultOf,
  cutText,
  defineNotificationProvider,
  labelled,
  notifyIdOf,
  outcomeOfFailure,
  secret,
  z,
  type Delivery,
} from '@belfry/plugin-kit';
import { outcomeOf } from './outcome.ts';
import { receiptsOf, wantedReceipts } from './receipts.ts';

const hosts = {
  cn: 'https://api.xmpush.xiaomi.com',
  global: 'https://api.xmpush.global.xiaomi.com',
  eu: 'https://fr-api.xmpush.global.xiaomi.com',
  in: 'https://idmb-api.xmpush.global.xiaomi.com',
  ru: 'https://ru-api.xmpush.global.xiaomi.com',
  sg: 'https://sgp-api.xmpush.global.xiaomi.com',
} as const;
type Region = keyof typeof hosts;
const regions = Object.keys(hosts) as [Region, ...Region[]];

/** Two weeks, as MiPush counts in milliseconds. */
const longestTtlMs = 14 * 24 * 3_600_000;
const payloadBytes = 4096;
/** In the form of a registration id, and nobody's. */
const nobody = 'belfry-checks-the-secret';

export default defineNotificationProvider({
  id: 'xiaomi',
  channel: 'push',
  displayName: 'Xiaomi MiPush',
  description: 'Notifications to Xiaomi and Redmi phones.',
  texts: { zh: { displayName: '小米推送（MiPush）', description: '向小米和 Redmi 手机发送通知。' } },
  docsUrl: 'https://dev.mi.com/xiaomihyperos/documentation/detail?pId=1559',
  config: z.strictObject({
    appSecret: labelled(secret(z.string().regex(/^[A-Za-z0-9+/=_-]{16,64}$/)), {
      en: ['AppSecret', 'Xiaomi developer platform, push, application information.'],
      zh: ['AppSecret', '小米开放平台 → 推送运营平台 → 应用信息。'],
    }),
    packageName: labelled(z.string().regex(/^[A-Za-z][\w.]{2,200}$/, 'must be a package name'), {
      en: ['Package name', 'Of the app, such as com.example.app.'],
      zh: ['包名', '应用的包名，例如 com.example.app。'],
    }),
    channelId: labelled(z.string().min(1).max(100).optional(), {
      en: ['Channel', 'Of personal messages, which Xiaomi has to approve. Others are a few a day.'],
      zh: ['通道 ID', '需向小米申请的私信消息通道；公信消息每日限量。'],
    }),
    intentUri: labelled(z.string().startsWith('intent:').max(800).optional(), {
      en: ['Intent', 'What a tap opens. Without it the app.'],
      zh: ['跳转 intent', '点击后打开的页面；不填则打开应用。'],
    }),
    region: labelled(z.enum(regions).default('cn'), {
      en: ['Region', 'Where the phones are: cn, global, eu, in, ru or sg.'],
      zh: ['地区', '手机所在地区：cn、global、eu、in、ru 或 sg。'],
    }),
    receipts: labelled(z.boolean().default(false), {
      en: ['Receipts', 'Xiaomi reports what was delivered and opened, and which phones are gone.'],
      zh: ['消息回执', '小米回传送达、点击及失效设备。'],
    }),
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).optional(), {
      en: ['Address', 'In place of the one of the region, for a relay of yours.'],
      zh: ['地址', '替代地区地址，仅用于您自己的中转。'],
    }),
  }),
  targetsAreSecret: true,
  target: z.strictObject({
    regId: z
      .string()
      .min(8)
      .max(256)
      .regex(/^[\x21-\x2B\x2D-\x7E]+$/, 'must be a registration id'),
    platform: z.string().max(20).optional(),
  }),
  limits: { titleChars: 49, bodyChars: 127, payloadBytes: 2500 },
  supports: { collapse: true, ttl: true, receipts: true },

  setup({ config, fetch, clock, receiptUrl }) {
    const callback = config.receipts ? receiptUrl : undefined;
    const url = new URL('/v3/message/regid', config.baseUrl ?? hosts[config.region]);

    async function post(form: URLSearchParams, regId: string, signal: AbortSignal) {
      const headers = {
        authorization: `key=${config.appSecret}`,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      };
      const response = await fetch(url, { method: 'POST', headers, body: form.toString(), signal });
      return await outcomeOf(response, { regId, nowMs: clock.now() });
    }

    return {
      ...(config.receipts ? { parseReceipt: receiptsOf } : {}),
      async send(delivery, { signal }) {
        const { regId } = delivery.device.target;
        try {
          return await post(formOf(delivery, { ...config, callback }), regId, signal);
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      /** A message to nobody: only who may send is told that there is no such phone. */
      async check({ signal }) {
        const form = new URLSearchParams({ registration_id: nobody, restricted_package_name: config.packageName });
        for (const [name, value] of [
          ['title', 'check'],
          ['description', 'check'],
          ['payload', '{}'],
        ] as const)
          form.set(name, value);
        try {
          const outcome = await post(form, nobody, signal);
          const isKnown =
            outcome.outcome === 'rejected' && outcome.reason !== 'credentials' && outcome.reason !== 'quota';
          return isKnown ? { ok: true } : checkResultOf(outcome);
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

function formOf(
  { id, device, notification }: Delivery<{ regId: string }>,
  {
    packageName,
    channelId,
    intentUri,
    callback,
  }: {
    packageName: string;
    channelId?: string | undefined;
    intentUri?: string | undefined;
    callback: string | undefined;
  },
): URLSearchParams {
  const { title, body, collapseKey, count, data, ttlSeconds } = notification;
  const form = new URLSearchParams({
    ...{ registration_id: device.target.regId, restricted_package_name: packageName },
    ...{
      title: title || body || '-',
      description: body || title || '-',
      payload: payloadOf({ ...data, type: 'push', collapseKey, count }),
    },
    ...{ pass_through: '0', notify_type: '-1', notify_id: String(notifyIdOf(collapseKey)) },
    time_to_live: String(Math.min(Math.max(1, Math.floor(ttlSeconds)) * 1000, longestTtlMs)),
    'extra.notify_foreground': '0',
    'extra.notify_effect': intentUri === undefined ? '1' : '2',
    // One that came before is shown once. At most 20 characters.
    'extra.jobkey': id.replaceAll('-', '').slice(0, 20),
  });
  if (intentUri !== undefined) form.set('extra.intent_uri', intentUri);
  if (channelId !== undefined) form.set('extra.channel_id', channelId);
  if (callback !== undefined) {
    form.set('extra.callback', callback);
    form.set('extra.callback.param', id);
    form.set('extra.callback.type', String(wantedReceipts));
  }
  return form;
}

/** Where the data are too long even so, the app finds its way by the key. */
function payloadOf(data: Readonly<Record<string, unknown>>): string {
  const whole = JSON.stringify(data);
  if (Buffer.byteLength(whole) <= payloadBytes) return whole;
  const { conversationId, collapseKey, count } = data;
  const place = typeof conversationId === 'string' ? { conversationId: cutText(conversationId, 200) } : {};
  return JSON.stringify({ ...place, type: 'push', collapseKey, count });
}
