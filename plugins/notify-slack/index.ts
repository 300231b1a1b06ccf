// Sends notifications to Slack: to channels and people by a bot, or to the one channel of an incoming webhook.
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  labelled,
  outcomeOfFailure,
  rejected,
  secret,
  z,
  type Outcome,
} from '@belfry/plugin-kit';
import { messageOf } from './message.ts';
import { outcomeOfApi, outcomeOfHook, readAnswer } from './outcome.ts';

export default defineNotificationProvider({
  id: 'slack',
  channel: 'chat',
  displayName: 'Slack',
  description: 'Messages to channels and people by a bot, or to the channel of an incoming webhook.',
  texts: {
    zh: { displayName: 'Slack', description: '通过机器人向频道和个人发送消息，或使用传入 Webhook 发送到固定频道。' },
  },
  docsUrl: 'https://api.slack.com/messaging/sending',
  config: z
    .strictObject({
      botToken: labelled(secret(z.string().regex(/^xoxb-[A-Za-z0-9-]{10,200}$/, 'must begin with xoxb-')).optional(), {
        en: ['Token of the bot', 'OAuth & Permissions of your Slack app; needs the scope chat:write.'],
        zh: ['机器人令牌', '在 Slack 应用的 OAuth & Permissions 中获取，需要 chat:write 权限。'],
      }),
      webhookUrl: labelled(secret(z.url({ protocol: /^https?$/ }).max(500)).optional(), {
        en: ['Incoming webhook', 'In place of a bot: https://hooks.slack.com/services/...'],
        zh: ['传入 Webhook', '可代替机器人：https://hooks.slack.com/services/...'],
      }),
      openUrl: labelled(
        z
          .url({ protocol: /^https?$/ })
          .max(1000)
          .optional(),
        {
          en: ['Link', 'A button below each message, such as https://app.example.com/chat/{conversationId}.'],
          zh: ['链接', '每条消息下方的按钮，例如 https://app.example.com/chat/{conversationId}。'],
        },
      ),
      openText: labelled(z.string().min(1).max(40).default('Open'), {
        en: ['Text of the button'],
        zh: ['按钮文字'],
      }),
      baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://slack.com/api'), {
        en: ['Address', 'Of the Web API. Leave it, unless all calls go through a relay of yours.'],
        zh: ['地址', 'Web API 的地址，除非经过您自己的中转，否则无需修改。'],
      }),
    })
    .refine(({ botToken, webhookUrl }) => (botToken === undefined) !== (webhookUrl === undefined), {
      path: ['botToken'],
      error: 'one of token and webhook is needed',
    }),
  target: z.strictObject({
    channel: z
      .string()
      .regex(/^[CDGUW][A-Z0-9]{5,30}$/, 'must be the id of a channel or a person')
      .optional(),
    label: z.string().min(1).max(100).optional(),
  }),
  limits: { titleChars: 150, bodyChars: 3000, perSecond: 10 },
  supports: { collapse: true, clear: true, priority: true, messageIds: true },

  setup({ config, fetch, clock }) {
    const { botToken = '', webhookUrl } = config;
    const api = config.baseUrl.endsWith('/') ? config.baseUrl : `${config.baseUrl}/`;

    async function call(method: string, body: object, signal: AbortSignal) {
      const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' };
      const request = { method: 'POST', headers, body: JSON.stringify(body), signal };
      const response = await fetch(new URL(method, api), request);
      return { response, answer: await readAnswer(response) };
    }

    async function post(url: string, message: object, signal: AbortSignal): Promise<Outcome> {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message), signal });
      return outcomeOfHook(response, await response.text(), clock.now());
    }

    return {
      async send({ device, notification, previous }, { signal }): Promise<Outcome> {
        const message = messageOf(notification, config);
        const before = placeOf(previous?.providerMessageId);
        const { channel } = device.target;
        try {
          if (webhookUrl !== undefined) return await post(webhookUrl, message, signal);
          if (channel === undefined) return rejected('target_invalid', 'a bot needs the id of a channel or a person');
          // Quiet, as for a message that was edited: the text changes where it stands.
          if (before !== undefined && notification.priority === 'low') {
            const { response, answer } = await call('chat.update', { ...before, ...message }, signal);
            if (!isMissing(answer.error)) return outcomeOfApi(response, answer, clock.now());
          }
          const { response, answer } = await call(
            'chat.postMessage',
            { channel, ...message, unfurl_links: false },
            signal,
          );
          // Best effort: the newer message is there already.
          if (answer.ok === true && before !== undefined)
            await call('chat.delete', before, signal).catch(() => undefined);
          return outcomeOfApi(response, answer, clock.now());
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      async clear({ providerMessageId }, { signal }): Promise<Outcome> {
        const place = placeOf(providerMessageId);
        if (place === undefined || webhookUrl !== undefined) return accepted();
        try {
          const { response, answer } = await call('chat.delete', place, signal);
          return isMissing(answer.error) ? accepted() : outcomeOfApi(response, answer, clock.now());
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      /** A webhook can only be tried by posting, and then people see it. */
      async check({ signal }) {
        if (webhookUrl !== undefined) return { ok: true, detail: 'a webhook cannot be checked without a message' };
        try {
          const { response, answer } = await call('auth.test', {}, signal);
          return checkResultOf(outcomeOfApi(response, answer, clock.now()));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

/** Of an id that this provider gave. */
function placeOf(id: string | undefined): { channel: string; ts: string } | undefined {
  const [, channel, ts] = /^([A-Z0-9]{6,31}):(\d{1,12}\.\d{1,9})$/.exec(id ?? '') ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}

function isMissing(error: string): boolean {
  return ['message_not_found', 'cant_delete_message', 'cant_update_message', 'edit_window_closed'].includes(error);
}
