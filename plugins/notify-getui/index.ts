// Sends notifications by Getui (个推), REST interface 2: to phones in China over Getui and the channels of their
// makers, to iOS and to HarmonyOS.
import { createHash } from 'node:crypto';
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  labelled,
  OutcomeError,
  outcomeOfFailure,
  rejected,
  secret,
  sendEach,
  z,
  type Delivery,
  type Outcome,
  type PluginToken,
  type ReceiptRequest,
  type SendAttempt,
} from '@belfry/plugin-kit';
import { outcomeOf, readAnswer, tokenRefused, verdictOn } from './outcome.ts';
import { pushOf, revocationOf } from './push.ts';
import { receiptsOf } from './receipts.ts';

const key = z.string().regex(/^[A-Za-z0-9]{16,32}$/, 'must be 16 to 32 letters and digits');
/** A token is good for about a day. */
const earlyMs = 3_600_000;

interface Target {
  cid: string;
}

const grantedSchema = z.object({ token: z.string().min(1), expire_time: z.coerce.number().positive() });

export default defineNotificationProvider({
  id: 'getui',
  channel: 'push',
  displayName: 'Getui',
  description: 'Notifications to phones in China over Getui and the channels of their makers, to iOS and HarmonyOS.',
  texts: {
    zh: { displayName: '个推（Getui）', description: '通过个推及各厂商通道向安卓手机推送，同时支持 iOS 和鸿蒙。' },
  },
  docsUrl: 'https://docs.getui.com/getui/server/rest_v2/introduction/',
  config: z.strictObject({
    appId: labelled(key, {
      en: ['AppID', 'Getui console, application settings, application information.'],
      zh: ['AppID', '个推开发者中心 → 应用配置 → 应用信息。'],
    }),
    appKey: labelled(key, { en: ['AppKey', 'In the same place.'], zh: ['AppKey', '与 AppID 在同一页面。'] }),
    masterSecret: labelled(secret(key), {
      en: ['MasterSecret', 'In the same place.'],
      zh: ['MasterSecret', '与 AppID 在同一页面。'],
    }),
    strategy: labelled(z.record(z.string(), z.int().min(1).max(4)).default({ default: 1 }), {
      en: [
        'Strategy',
        'By channel. 1: Getui while the app is connected, else the maker. 2: the maker alone. 3: Getui alone.',
      ],
      zh: ['下发策略', '按通道填写。1：在线走个推，离线走厂商；2：仅厂商；3：仅个推；4：优先厂商。'],
    }),
    intent: labelled(z.string().startsWith('intent:').max(4096).optional(), {
      en: ['Intent', 'What a tap opens on Android. Without it the app.'],
      zh: ['跳转 intent', '点击后在安卓上打开的页面；不填则打开应用。'],
    }),
    channelId: labelled(z.string().min(1).max(100).optional(), {
      en: ['Android channel', 'The notification channel that your app created.'],
      zh: ['Android 通知渠道', '应用内创建的 NotificationChannel 的 ID。'],
    }),
    options: labelled(
      z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).optional(),
      {
        en: ['Options of makers', 'JSON by maker, such as {"HW":{"/message/android/category":"IM"}}.'],
        zh: ['厂商参数', '按厂商填写的 JSON，例如 {"HW":{"/message/android/category":"IM"}}。'],
      },
    ),
    receipts: labelled(z.boolean().default(false), {
      en: ['Receipts', 'For accounts that have them: give Getui the address that Belfry shows.'],
      zh: ['消息回执', '需开通回执功能，并将 Belfry 显示的地址提供给个推。'],
    }),
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://restapi.getui.com/v2'), {
      en: ['Address', 'Leave it, unless all calls go through a relay of yours.'],
      zh: ['地址', '除非经过您自己的中转，否则无需修改。'],
    }),
  }),
  targetsAreSecret: true,
  target: z.strictObject({
    cid: z.string().regex(/^[0-9a-f]{32}$/i, 'must be the client id of the Getui SDK'),
    platform: z.string().max(20).optional(),
  }),
  limits: { titleChars: 50, bodyChars: 256, payloadBytes: 2800, batch: 200 },
  supports: {
    ...{ collapse: true, ttl: true, silent: true, clear: true },
    ...{ badge: true, image: true, messageIds: true, receipts: true },
  },

  setup({ config, fetch, clock, tokens, signal: stopped }) {
    const base = `${config.baseUrl.replace(/\/+$/, '')}/${config.appId}`;
    const json = { 'content-type': 'application/json; charset=utf-8' };

    async function signIn(): Promise<PluginToken> {
      const timestamp = String(Math.floor(clock.now()));
      const sign = createHash('sha256')
        .update(config.appKey + timestamp + config.masterSecret)
        .digest('hex');
      const body = JSON.stringify({ sign, timestamp, appkey: config.appKey });
      const response = await fetch(`${base}/auth`, { method: 'POST', headers: json, body, signal: stopped });
      const answer = await readAnswer(response);
      const granted = grantedSchema.safeParse(answer.data);
      if (answer.code === 0 && granted.success)
        return { value: granted.data.token, expiresAtMs: granted.data.expire_time };
      const outcome = outcomeOf(response, answer, { nowMs: clock.now(), attempt: 2 });
      throw new OutcomeError(
        outcome.outcome === 'retry'
          ? outcome
          : rejected('credentials', `Getui refuses the keys (HTTP ${response.status})`),
      );
    }

    async function ask(path: string, body: object, { signal, attempt }: SendAttempt) {
      const token = await tokens.get('token', signIn, { earlyMs, signal });
      const request = { method: 'POST', headers: { ...json, token }, body: JSON.stringify(body), signal };
      const response = await fetch(`${base}${path}`, request);
      const answer = await readAnswer(response);
      if (answer.code === tokenRefused) tokens.drop('token', token);
      return { answer, outcome: outcomeOf(response, answer, { nowMs: clock.now(), attempt }) };
    }

    async function push(body: object, attempt: SendAttempt): Promise<Outcome> {
      try {
        return (await ask('/push/single/cid', body, attempt)).outcome;
      } catch (error) {
        return outcomeOfFailure(error);
      }
    }

    const send = (delivery: Delivery<Target>, attempt: SendAttempt) => push(pushOf(delivery, config), attempt);

    /** Each with its own content and its own task. */
    async function sendMany(deliveries: readonly Delivery<Target>[], attempt: SendAttempt): Promise<Outcome[]> {
      try {
        const pushes = deliveries.map((delivery) => pushOf(delivery, config));
        const body = { is_async: false, msg_list: pushes };
        const { answer, outcome } = await ask('/push/single/batch/cid', body, attempt);
        if (answer.code === 0) return deliveries.map(({ device }) => verdictOn(answer.data, device.target.cid));
        const isOfOne = outcome.outcome === 'rejected' && /^(payload|target_invalid)$/.test(outcome.reason);
        // Getui does not say which of them it refuses.
        return isOfOne ? await sendEach(deliveries, (each) => send(each, attempt)) : deliveries.map(() => outcome);
      } catch (error) {
        return deliveries.map(() => outcomeOfFailure(error));
      }
    }

    return {
      ...(config.receipts ? { parseReceipt: (request: ReceiptRequest) => receiptsOf(request, config) } : {}),
      ...{ send, sendMany },
      clear({ id, device, providerMessageId: task }, attempt) {
        const isOurs = task !== undefined && /^[\w-]{4,100}$/.test(task);
        return isOurs ? push(revocationOf(id, device.target.cid, task), attempt) : accepted();
      },
      /** Signs in. */
      async check({ signal }) {
        try {
          await tokens.get('token', signIn, { earlyMs, signal });
          return { ok: true };
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});
