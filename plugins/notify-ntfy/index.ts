// Sends notifications to topics of an ntfy server, its own or ntfy.sh. Published as JSON: headers could carry
// neither Chinese nor line ends.
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  fillUrl,
  labelled,
  outcomeOfFailure,
  secret,
  z,
  type NotificationPriority,
  type Outcome,
  type PushNotification,
} from '@belfry/plugin-kit';
import { outcomeOf, readAnswer } from './outcome.ts';

const priorities: Readonly<Record<NotificationPriority, number>> = { low: 2, normal: 3, high: 4, urgent: 5 };

export default defineNotificationProvider({
  id: 'ntfy',
  channel: 'push',
  displayName: 'ntfy',
  description: 'Notifications to topics of an ntfy server, which phones and browsers subscribe to.',
  texts: { zh: { displayName: 'ntfy', description: '向 ntfy 服务器的主题发送通知，手机和浏览器均可订阅。' } },
  docsUrl: 'https://docs.ntfy.sh/publish/',
  config: z.strictObject({
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://ntfy.sh'), {
      en: ['Server', 'One in your own network has to be listed by the operator in OUTBOUND_ALLOW.'],
      zh: ['服务器', '内网服务器需由运维人员加入 OUTBOUND_ALLOW。'],
    }),
    token: labelled(secret(z.string().regex(/^tk_[A-Za-z0-9]{20,64}$/, 'must begin with tk_')).optional(), {
      en: ['Access token', 'Account, access tokens. Needed where topics are protected.'],
      zh: ['访问令牌', '账户 → 访问令牌。主题受保护时必填。'],
    }),
    openUrl: labelled(
      z
        .url({ protocol: /^https?$/ })
        .max(1000)
        .optional(),
      {
        en: ['Link', 'Opened by a tap, such as https://app.example.com/chat/{conversationId}.'],
        zh: ['链接', '点击后打开，例如 https://app.example.com/chat/{conversationId}。'],
      },
    ),
    clear: labelled(z.boolean().default(true), {
      en: ['Take away what was read elsewhere', 'Needs ntfy 2.16.'],
      zh: ['已读后清除通知', '需要 ntfy 2.16 或更高版本。'],
    }),
  }),
  targetsAreSecret: true,
  target: z.strictObject({
    topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, 'must be 1 to 64 letters, digits, - and _'),
  }),
  // A message above 4,096 bytes would become a file.
  limits: { titleChars: 200, payloadBytes: 3900 },
  supports: { collapse: true, priority: true, clear: true, image: true },

  setup({ config, fetch, clock }) {
    const authorization: Record<string, string> =
      config.token === undefined ? {} : { authorization: `Bearer ${config.token}` };
    const base = config.baseUrl.endsWith('/') ? config.baseUrl : `${config.baseUrl}/`;

    async function call(path: string, request: { method: string; body?: string; signal: AbortSignal }) {
      const headers = {
        ...authorization,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const response = await fetch(new URL(path, base), { ...request, headers });
      return { response, answer: await readAnswer(response) };
    }

    return {
      async send({ device, notification }, { signal }): Promise<Outcome> {
        const body = JSON.stringify(messageOf(device.target.topic, notification, config.openUrl));
        try {
          const { response, answer } = await call('', { method: 'POST', body, signal });
          return outcomeOf(response, answer, clock.now());
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      async clear({ device, collapseKey }, { signal }): Promise<Outcome> {
        if (!config.clear) return accepted();
        const path = `${device.target.topic}/${encodeURIComponent(collapseKey)}/clear`;
        try {
          const { response, answer } = await call(path, { method: 'PUT', signal });
          // A server that is too old for it.
          if (response.status === 404 || response.status === 405) return accepted();
          return outcomeOf(response, answer, clock.now());
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      async check({ signal }) {
        try {
          const path = config.token === undefined ? 'v1/health' : 'v1/account';
          const { response, answer } = await call(path, { method: 'GET', signal });
          return checkResultOf(outcomeOf(response, answer, clock.now()));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

function messageOf(
  topic: string,
  { title, body, priority, collapseKey, data, imageUrl }: PushNotification,
  openUrl: string | undefined,
): object {
  return {
    ...{ topic, title, message: body || title, priority: priorities[priority], sequence_id: collapseKey },
    ...(imageUrl === undefined ? {} : { icon: imageUrl }),
    ...(openUrl === undefined ? {} : { click: fillUrl(openUrl, data) }),
  };
}
