// Sends notifications to a group in Feishu or Lark, by the address of a custom bot in it.
import { createHmac } from 'node:crypto';
import {
  defineNotificationProvider,
  fillUrl,
  labelled,
  outcomeOfFailure,
  secret,
  z,
  type Outcome,
  type PushNotification,
} from '@belfry/plugin-kit';
import { outcomeOf } from './outcome.ts';

export default defineNotificationProvider({
  id: 'feishu',
  channel: 'chat',
  displayName: 'Feishu and Lark',
  description: 'Messages of a custom bot to a group in Feishu or Lark.',
  texts: { zh: { displayName: '飞书 / Lark', description: '通过自定义机器人向飞书或 Lark 群发送消息。' } },
  docsUrl: 'https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot',
  config: z.strictObject({
    webhookUrl: labelled(secret(z.url({ protocol: /^https?$/ }).max(500)), {
      en: ['Webhook', 'Group settings, bots, custom bot: https://open.feishu.cn/open-apis/bot/v2/hook/...'],
      zh: ['Webhook 地址', '群设置 → 群机器人 → 自定义机器人：https://open.feishu.cn/open-apis/bot/v2/hook/...'],
    }),
    signingSecret: labelled(secret(z.string().min(8).max(200)).optional(), {
      en: ['Signing secret', 'Where the bot verifies signatures.'],
      zh: ['签名密钥', '机器人开启签名校验时填写。'],
    }),
    openUrl: labelled(
      z
        .url({ protocol: /^https?$/ })
        .max(1000)
        .optional(),
      {
        en: ['Link', 'Below each message, such as https://app.example.com/chat/{conversationId}.'],
        zh: ['链接', '附在每条消息之后，例如 https://app.example.com/chat/{conversationId}。'],
      },
    ),
  }),
  target: z.strictObject({
    label: z.string().min(1).max(100).optional().meta({ title: 'Label', description: 'Tells registrations apart.' }),
  }),
  limits: { titleChars: 200, bodyChars: 4000, perSecond: 1 },
  supports: {},

  setup: ({ config, fetch, clock }) => ({
    async send({ notification }, { signal }): Promise<Outcome> {
      const content = { text: textOf(notification, config.openUrl) };
      const body = { ...signatureOf(config.signingSecret, clock.now()), msg_type: 'text', content };
      try {
        const headers = { 'content-type': 'application/json; charset=utf-8' };
        const request = { method: 'POST', headers, body: JSON.stringify(body), signal };
        return await outcomeOf(await fetch(config.webhookUrl, request), clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
    /** Only by posting, and then people see it. */
    check: () => ({ ok: true, detail: 'a bot of a group cannot be checked without a message' }),
  }),
});

/** The key is time and secret, and what is signed is nothing: so Feishu has it. */
function signatureOf(signingSecret: string | undefined, nowMs: number): { timestamp?: string; sign?: string } {
  if (signingSecret === undefined) return {};
  const timestamp = String(Math.floor(nowMs / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${signingSecret}`).update('').digest('base64') };
}

/** Feishu reads `<at ...>` in a text as a mention. */
function textOf({ title, body, data }: PushNotification, openUrl: string | undefined): string {
  const parts = [title, body].map((part) => part.toWellFormed().replaceAll('\u0000', '').replaceAll('<', '＜').trim());
  const link = openUrl === undefined ? [] : [fillUrl(openUrl, data)];
  return [...parts.filter((part) => part !== ''), ...link].join('\n') || '-';
}
