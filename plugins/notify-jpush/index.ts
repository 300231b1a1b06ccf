// Sends notifications by JPush (极光), API v3: to phones in China over JPush and the channels of their makers,
// to iOS and to HarmonyOS. Each delivery is one call, or many are, where the account has that.
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  secret,
  z,
  type AwaitedReceipt,
  type Delivery,
  type Outcome,
  type Receipt,
  type SendAttempt,
} from '@belfry/plugin-kit';
import { manySender, mostPushes } from './batch.ts';
import { outcomeOf, readAnswer } from './outcome.ts';
import { messageIdOf, pushOf, type JpushTarget } from './push.ts';
import { mostReports, receiptsOf } from './receipts.ts';

const hex24 = z.string().regex(/^[0-9a-f]{24}$/i, 'must be 24 hexadecimal digits');

export default defineNotificationProvider({
  id: 'jpush',
  channel: 'push',
  displayName: 'JPush',
  description: 'Notifications to phones in China over JPush and the channels of their makers, to iOS and HarmonyOS.',
  texts: {
    zh: { displayName: '极光推送（JPush）', description: '通过极光及各厂商通道向安卓手机推送，同时支持 iOS 和鸿蒙。' },
  },
  docsUrl: 'https://docs.jiguang.cn/jpush/server/push/rest_api_v3_push',
  config: z.strictObject({
    appKey: labelled(hex24, {
      en: ['AppKey', 'JPush console, application settings, application information.'],
      zh: ['AppKey', '极光控制台 → 应用设置 → 应用信息。'],
    }),
    masterSecret: labelled(secret(hex24), {
      en: ['Master Secret', 'Beside the AppKey.'],
      zh: ['Master Secret', '与 AppKey 在同一页面。'],
    }),
    apnsProduction: labelled(z.boolean().default(true), {
      en: ['Production environment of Apple', 'Off for apps that Xcode installs.'],
      zh: ['APNs 生产环境', '由 Xcode 安装的应用请关闭。'],
    }),
    classification: labelled(z.union([z.literal(0), z.literal(1)]).default(1), {
      en: ['Classification', '1: messages of people and of the system. 0: marketing, which makers hold back.'],
      zh: ['消息分类', '1：系统及聊天消息；0：运营消息，厂商会限量。'],
    }),
    androidChannelId: labelled(z.string().min(1).max(100).optional(), {
      en: ['Android channel', 'The notification channel that your app created.'],
      zh: ['Android 通知渠道', '应用内创建的 NotificationChannel 的 ID。'],
    }),
    thirdPartyChannel: labelled(
      z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).optional(),
      {
        en: ['Channels of makers', 'JSON by maker, such as {"xiaomi":{"channel_id":"1"},"vivo":{"classification":1}}.'],
        zh: ['厂商通道参数', '按厂商填写的 JSON，例如 {"xiaomi":{"channel_id":"1"},"vivo":{"classification":1}}。'],
      },
    ),
    intentUrl: labelled(z.string().startsWith('intent:').max(1000).optional(), {
      en: ['Intent', 'What a tap opens on Android, such as intent:#Intent;action=android.intent.action.MAIN;end.'],
      zh: ['跳转地址', '点击后在安卓上打开的页面，例如 intent:#Intent;action=android.intent.action.MAIN;end。'],
    }),
    batch: labelled(z.boolean().default(false), {
      en: [
        'Many in one call',
        'For accounts that JPush has enabled it for (批量单推): what goes to many is fewer calls.',
      ],
      zh: ['批量单推', '需联系极光开通；群发时可减少接口调用次数。'],
    }),
    receipts: labelled(z.boolean().default(false), {
      en: ['Receipts', 'Asks JPush each quarter of an hour what was delivered. Its calls count as yours.'],
      zh: ['送达查询', '每 15 分钟向极光查询送达情况，占用您的接口调用次数。'],
    }),
    reportUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://report.jpush.cn/v3/'), {
      en: [
        'Address of reports',
        'https://bjapi.push.jiguang.cn/v3/report/ for applications in the Beijing data centre.',
      ],
      zh: ['统计地址', '北京机房的应用请填写 https://bjapi.push.jiguang.cn/v3/report/。'],
    }),
    testMode: labelled(z.boolean().default(false), {
      en: ['Test mode', 'For the test devices of the makers only.'],
      zh: ['测试模式', '仅推送给厂商登记的测试设备。'],
    }),
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://api.jpush.cn'), {
      en: ['Address', 'https://bjapi.push.jiguang.cn for applications in the Beijing data centre.'],
      zh: ['地址', '北京机房的应用请填写 https://bjapi.push.jiguang.cn。'],
    }),
  }),
  targetsAreSecret: true,
  target: z.strictObject({
    registrationId: z.string().regex(/^[0-9A-Za-z]{8,64}$/, 'must be the registration id of the JPush SDK'),
    platform: z.enum(['android', 'ios', 'hmos']),
  }),
  // The tightest of the makers.
  limits: { titleChars: 50, bodyChars: 100, payloadBytes: 1800, batch: mostPushes },
  supports: {
    ...{ collapse: true, ttl: true, priority: true, silent: true, clear: true },
    ...{ badge: true, image: true, messageIds: true, receipts: true },
  },

  setup({ config, fetch, clock, signal: stopped }) {
    const authorization = `Basic ${Buffer.from(`${config.appKey}:${config.masterSecret}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };

    async function call(path: string, { body, ...request }: { method: string; body?: object; signal: AbortSignal }) {
      const url = new URL(path, config.baseUrl);
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(url, { ...request, ...text, headers });
      const said = await response.text();
      return { response, said, answer: readAnswer(said) };
    }

    async function askFor(messageIds: readonly string[], signal: AbortSignal): Promise<Receipt[]> {
      const url = new URL('received/detail', config.reportUrl);
      url.searchParams.set('msg_ids', messageIds.join(','));
      const response = await fetch(url, { headers, signal });
      return response.ok ? receiptsOf(await response.text()) : [];
    }

    /** One call for a hundred of them, one after the other. */
    async function pollReceipts(awaited: readonly AwaitedReceipt[], { signal }: { signal: AbortSignal }) {
      const ids = awaited.flatMap(({ providerMessageId }) => messageIdOf(providerMessageId) ?? []);
      const receipts: Receipt[] = [];
      for (let at = 0; at < ids.length; at += mostReports)
        receipts.push(...(await askFor(ids.slice(at, at + mostReports), signal)));
      return receipts;
    }

    async function send(delivery: Delivery<JpushTarget>, { signal, attempt }: SendAttempt): Promise<Outcome> {
      const post = (body: object) => call('/v3/push', { method: 'POST', body, signal });
      try {
        const { previous, ...alone } = delivery;
        let done = await post(pushOf(delivery, config));
        // The one to be replaced is unknown, or older than a day.
        if (done.answer.code === 1003 && previous !== undefined) done = await post(pushOf(alone, config));
        return outcomeOf(done.response, done.answer, { nowMs: clock.now(), attempt });
      } catch (error) {
        return outcomeOfFailure(error);
      }
    }

    return {
      ...(config.receipts ? { pollReceipts } : {}),
      ...(config.batch ? { sendMany: manySender({ call, config, clock, signal: stopped }) } : {}),
      send,
      async clear({ device, providerMessageId }, { signal, attempt }): Promise<Outcome> {
        const id = messageIdOf(providerMessageId);
        // Only what is shown by Android can be taken back.
        if (id === undefined || device.target.platform !== 'android') return accepted();
        try {
          const { response, answer } = await call(`/v3/push/${id}`, { method: 'DELETE', signal });
          return outcomeOf(response, answer, { nowMs: clock.now(), attempt });
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      /** Looks at a push to nobody, and sends nothing. */
      async check({ signal }) {
        const body = {
          ...{ platform: ['android'], audience: { registration_id: ['0000000000000000000'] } },
          notification: { android: { alert: 'check' } },
        };
        try {
          const { response, answer } = await call('/v3/push/validate', { method: 'POST', body, signal });
          if (answer.code === 1011 || answer.code === 1003) return { ok: true };
          return checkResultOf(outcomeOf(response, answer, { nowMs: clock.now(), attempt: 2 }));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});
