// Sends notifications by Huawei Push Kit: to HMS Core on Android and on HarmonyOS up to 4, and to HarmonyOS 5
// and later by its own interface. The device says which.
import {
  checkResultOf,
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  rejected,
  secret,
  z,
  type Outcome,
  type ReceiptRequest,
} from '@belfry/plugin-kit';
import { clearingOfV1, messageOfV1, messageOfV3, revocationOf, type HuaweiRequest } from './message.ts';
import { imageUnchecked, isExpired, outcomeOf, readAnswer } from './outcome.ts';
import { receiptsOf } from './receipts.ts';
import { isServiceAccount, readServiceAccount, requestToken, signToken } from './tokens.ts';

const digits = z.string().regex(/^\d{4,30}$/, 'must be digits');

export default defineNotificationProvider({
  id: 'huawei-hms',
  channel: 'push',
  displayName: 'Huawei Push Kit',
  description: 'Notifications to Huawei phones: HMS Core, and HarmonyOS 5 and later.',
  texts: {
    zh: { displayName: '华为推送（Push Kit）', description: '向华为手机推送：HMS Core，以及 HarmonyOS 5 及更高版本。' },
  },
  docsUrl: 'https://developer.huawei.com/consumer/cn/doc/harmonyos-guides/push-kit-guide',
  config: z
    .strictObject({
      projectId: labelled(digits, {
        en: ['Project ID', 'AppGallery Connect, project settings.'],
        zh: ['项目 ID', 'AppGallery Connect → 项目设置。'],
      }),
      clientId: labelled(digits, {
        en: ['Client ID', 'Of the app, in the same place; also called App ID.'],
        zh: ['Client ID', '应用的 App ID，位于同一页面。'],
      }),
      clientSecret: labelled(secret(z.string().min(16).max(256)).optional(), {
        en: ['Client secret', 'For HMS Core. Not needed where there is a service account.'],
        zh: ['Client Secret', '用于 HMS Core；已配置服务账号时可不填。'],
      }),
      serviceAccount: labelled(
        secret(
          z.string().max(20_000).refine(isServiceAccount, 'must be the whole JSON file of a service account'),
        ).optional(),
        {
          en: [
            'Service account',
            'The whole JSON file. Needed for HarmonyOS 5. Huawei Developers console, API, credentials.',
          ],
          zh: ['服务账号密钥', '完整的 JSON 文件，HarmonyOS 5 必填。华为开发者联盟 → 管理中心 → API 服务 → 凭证。'],
        },
      ),
      category: labelled(
        z
          .string()
          .regex(/^[A-Z_]{2,40}$/)
          .default('IM'),
        {
          en: ['Category', 'IM needs the right of self-classification; without it MARKETING, a few a day.'],
          zh: ['消息分类', 'IM 需申请自分类权益；否则请填 MARKETING，每日限量。'],
        },
      ),
      channelId: labelled(z.string().min(1).max(100).optional(), {
        en: ['Android channel', 'The notification channel that your app created.'],
        zh: ['Android 通知渠道', '应用内创建的通知渠道 ID。'],
      }),
      badgeClass: labelled(
        z
          .string()
          .regex(/^[A-Za-z_][\w.$]{2,200}$/)
          .optional(),
        {
          en: [
            'Activity of the number',
            'Launcher activity, such as com.example.app.MainActivity. Without it no number on Android.',
          ],
          zh: ['角标 Activity', '启动 Activity，例如 com.example.app.MainActivity；不填则安卓不显示角标。'],
        },
      ),
      receipts: labelled(z.boolean().default(false), {
        en: ['Receipts', 'Enter the address that Belfry shows in AppGallery Connect, push service, receipts.'],
        zh: ['消息回执', '请将 Belfry 显示的地址填入 AppGallery Connect → 推送服务 → 回执配置。'],
      }),
      receiptUser: labelled(z.string().min(1).max(100).optional(), {
        en: ['User of receipts', 'As in the configuration of receipts. With the key, each one is signed.'],
        zh: ['回调用户名', '与回执配置一致；同时填写回调密钥时将校验签名。'],
      }),
      receiptKey: labelled(secret(z.string().min(8).max(200)).optional(), {
        en: ['Key of receipts', 'As in the configuration of receipts.'],
        zh: ['回调密钥', '与回执配置一致。'],
      }),
      testMessage: labelled(z.boolean().default(false), {
        en: ['Test messages', 'Without the daily bounds, to few devices.'],
        zh: ['测试消息', '不受每日限额，仅限少量设备。'],
      }),
      baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://push-api.cloud.huawei.com'), {
        en: ['Address', 'Leave it, unless all calls go through a relay of yours.'],
        zh: ['地址', '除非经过您自己的中转，否则无需修改。'],
      }),
      authUrl: labelled(
        z.url({ protocol: /^https?$/ }).default('https://oauth-login.cloud.huawei.com/oauth2/v3/token'),
        {
          en: ['Address of tokens', 'For the client secret.'],
          zh: ['令牌地址', '用于 Client Secret。'],
        },
      ),
    })
    .refine(({ clientSecret, serviceAccount }) => clientSecret !== undefined || serviceAccount !== undefined, {
      path: ['serviceAccount'],
      error: 'a service account or a client secret is needed',
    }),
  targetsAreSecret: true,
  target: z.strictObject({
    token: z
      .string()
      .min(8)
      .max(4096)
      .regex(/^[\x21-\x7E]+$/, 'must be a push token'),
    os: z.enum(['android', 'harmony']),
    platform: z.string().max(20).optional(),
  }),
  limits: { payloadBytes: 3300 },
  supports: {
    collapse: true,
    ttl: true,
    priority: true,
    silent: true,
    clear: true,
    badge: true,
    image: true,
    receipts: true,
  },

  setup(ctx) {
    const { config, clock, fetch, tokens } = ctx;
    const { clientId, clientSecret, authUrl, projectId } = config;
    const account = config.serviceAccount === undefined ? undefined : readServiceAccount(config.serviceAccount);

    async function call({ path, isV3, request }: Call, { signal, attempt }: { signal: AbortSignal; attempt: number }) {
      // HarmonyOS 5 takes nothing but what the account signed.
      const [name, load] =
        account !== undefined && (isV3 || clientSecret === undefined)
          ? (['signed', async () => signToken(account, clock.now())] as const)
          : (['access', () => requestToken({ clientId, clientSecret: clientSecret ?? '', authUrl }, ctx)] as const);
      const token = await tokens.get(name, load, { signal });
      const response = await fetch(new URL(path, config.baseUrl), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json; charset=utf-8',
          ...(request.pushType === undefined ? {} : { 'push-type': request.pushType }),
        },
        body: JSON.stringify(request.body),
        signal,
      });
      const answer = await readAnswer(response);
      if (isExpired(answer)) tokens.drop(name, token);
      return { response, answer, isV3, nowMs: clock.now(), attempt };
    }

    const v1 = `/v1/${clientId}/messages:send`;
    const v3 = `/v3/${projectId}/messages:send`;
    const noAccount = () => rejected('target_invalid', 'a device with HarmonyOS 5 needs a service account');

    return {
      ...(config.receipts ? { parseReceipt: (request: ReceiptRequest) => receiptsOf(request, config) } : {}),
      async send({ id, device, notification }, attempt): Promise<Outcome> {
        const { token, os } = device.target;
        const isV3 = os === 'harmony';
        if (isV3 && account === undefined) return noAccount();
        const requestOf = (shown: typeof notification) =>
          (isV3 ? messageOfV3 : messageOfV1)({ id, token, notification: shown }, config);
        const place = { path: isV3 ? v3 : v1, isV3 };
        try {
          let done = await call({ ...place, request: requestOf(notification) }, attempt);
          // Huawei looks at pictures first; what it has not looked at, it does not show.
          if (done.answer.code === imageUnchecked && notification.imageUrl !== undefined)
            done = await call({ ...place, request: requestOf({ ...notification, imageUrl: undefined }) }, attempt);
          return outcomeOf(done);
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      async clear(clearing, attempt): Promise<Outcome> {
        const { token, os } = clearing.device.target;
        const isV3 = os === 'harmony';
        if (isV3 && account === undefined) return noAccount();
        const revoke = { path: `/v1/${clientId}/messages:revoke`, isV3, request: revocationOf(clearing, token) };
        const wake = { path: v1, isV3, request: clearingOfV1(clearing, token) };
        try {
          return outcomeOf(await call(isV3 ? revoke : wake, attempt));
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      /** A message that is only looked at, to a token that is none: only who may send is told so. */
      async check({ signal }) {
        const body = { validate_only: true, message: { data: '{}', token: ['check'] } };
        try {
          const done = await call({ path: v1, isV3: false, request: { body } }, { signal, attempt: 2 });
          const { code } = done.answer;
          return code === '80300007' || code === '80100000' ? { ok: true } : checkResultOf(outcomeOf(done));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

interface Call {
  path: string;
  isV3: boolean;
  request: HuaweiRequest;
}
