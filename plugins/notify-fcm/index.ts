// Sends notifications by Firebase Cloud Messaging, HTTP v1: to Android, and to Apple devices and browsers that
// registered with Firebase. Each delivery is one call with an access token that many share.
import {
  checkResultOf,
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  rejected,
  secret,
  z,
  type Outcome,
} from '@belfry/plugin-kit';
import { clearingOf, messageOf } from './message.ts';
import { isAboutToken, outcomeOf, readAnswer } from './outcome.ts';
import { isServiceAccount, readServiceAccount, requestToken } from './service-account.ts';

const fileSchema = z.string().max(20_000).refine(isServiceAccount, 'must be the whole JSON file of a service account');

export default defineNotificationProvider({
  id: 'fcm',
  channel: 'push',
  displayName: 'Firebase Cloud Messaging',
  description: 'Notifications to Android apps, and to iOS and web apps that use Firebase.',
  texts: {
    zh: {
      displayName: 'Firebase 云消息（FCM）',
      description: '向 Android 应用，以及使用 Firebase 的 iOS 和网页应用发送通知。',
    },
  },
  docsUrl: 'https://firebase.google.com/docs/cloud-messaging',
  config: z.strictObject({
    serviceAccount: labelled(secret(fileSchema), {
      en: [
        'Service account',
        'The whole JSON file. Firebase console, project settings, service accounts, generate new private key.',
      ],
      zh: ['服务账号', '完整的 JSON 文件。Firebase 控制台 → 项目设置 → 服务账号 → 生成新的私钥。'],
    }),
    channelId: labelled(z.string().min(1).max(100).default('messages'), {
      en: ['Android channel', 'The notification channel that your app created.'],
      zh: ['Android 通知渠道', '您的应用所创建的通知渠道的 ID。'],
    }),
    sound: labelled(z.string().min(1).max(100).default('default'), {
      en: ['Sound', '`default`, or the name of a sound in the app.'],
      zh: ['声音', '`default`，或应用内声音文件的名称。'],
    }),
    dataOnly: labelled(z.boolean().default(false), {
      en: [
        'Android app shows notifications itself',
        'Sends data without a notification; the app gets title and body in the data.',
      ],
      zh: ['由 Android 应用自行显示', '只发送数据，标题和正文放在数据中，由应用显示通知。'],
    }),
    dryRun: labelled(z.boolean().default(false), {
      en: ['Only validate', 'Firebase checks each message and delivers none.'],
      zh: ['仅校验', 'Firebase 只检查消息，不投递。'],
    }),
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://fcm.googleapis.com'), {
      en: ['Address', 'Leave it, unless all calls have to go through a relay of yours.'],
      zh: ['地址', '除非必须经过您自己的中转，否则无需修改。'],
    }),
  }),
  targetsAreSecret: true,
  target: z.strictObject({
    token: z.string().min(1).max(4096),
    platform: z.enum(['android', 'ios', 'web']).optional(),
  }),
  limits: { payloadBytes: 3400 },
  supports: { collapse: true, ttl: true, priority: true, silent: true, clear: true, badge: true, image: true },

  setup(ctx) {
    const { config, clock, fetch, tokens } = ctx;
    const account = readServiceAccount(config.serviceAccount);
    const url = new URL(`/v1/projects/${account.project_id}/messages:send`, config.baseUrl);

    async function post(
      message: object,
      { signal, isDryRun = config.dryRun }: { signal: AbortSignal; isDryRun?: boolean },
    ) {
      const token = await tokens.get('access', () => requestToken(account, ctx), { signal });
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...(isDryRun ? { validate_only: true } : {}), message }),
        signal,
      });
      if (response.status === 401) tokens.drop('access', token);
      return { response, answer: await readAnswer(response) };
    }

    async function deliver(
      message: object,
      { signal, attempt }: { signal: AbortSignal; attempt: number },
    ): Promise<Outcome> {
      try {
        return outcomeOf({ ...(await post(message, { signal })), nowMs: clock.now(), attempt });
      } catch (error) {
        return outcomeOfFailure(error);
      }
    }

    return {
      send({ device, notification }, attempt) {
        const { token } = device.target;
        const message = messageOf({ token, notification, nowMs: clock.now(), style: config });
        return message === undefined ? rejected('payload', 'longer than 4,096 bytes') : deliver(message, attempt);
      },
      clear: (clearing, attempt) => deliver(clearingOf(clearing, clearing.device.target.token), attempt),
      /** A token that is none: only who may send to the project is told so. */
      async check({ signal }) {
        try {
          const { response, answer } = await post({ token: 'check', data: {} }, { signal, isDryRun: true });
          if (response.ok || (response.status === 400 && isAboutToken(answer))) return { ok: true };
          return checkResultOf(outcomeOf({ response, answer, nowMs: clock.now(), attempt: 2 }));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});
