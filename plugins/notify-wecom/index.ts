// Sends notifications to a group in WeCom (企业微信), by the address of a robot in it.
import {
  cutText,
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

/** Of the text, in UTF-8. */
const mostBytes = 2048;

export default defineNotificationProvider({
  id: 'wecom',
  channel: 'chat',
  displayName: 'WeCom',
  description: 'Messages of a robot to a group in WeCom.',
  texts: { zh: { displayName: '企业微信', description: '通过群机器人向企业微信群发送消息。' } },
  docsUrl: 'https://developer.work.weixin.qq.com/document/path/91770',
  config: z.strictObject({
    webhookUrl: labelled(secret(z.url({ protocol: /^https?$/ }).max(500)), {
      en: ['Webhook', 'Group, add robot: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...'],
      zh: ['Webhook 地址', '群聊 → 添加群机器人：https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=...'],
    }),
    openUrl: labelled(
      z
        .url({ protocol: /^https?$/ })
        .max(500)
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
  // 20 messages a minute. Chinese takes three bytes a character.
  limits: { titleChars: 60, bodyChars: 600, perSecond: 0.3 },
  supports: {},

  setup: ({ config, fetch, clock }) => ({
    async send({ notification }, { signal }): Promise<Outcome> {
      const body = JSON.stringify({ msgtype: 'text', text: { content: textOf(notification, config.openUrl) } });
      try {
        const headers = { 'content-type': 'application/json; charset=utf-8' };
        return await outcomeOf(await fetch(config.webhookUrl, { method: 'POST', headers, body, signal }), clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
    /** Only by posting, and then people see it. */
    check: () => ({ ok: true, detail: 'a robot of a group cannot be checked without a message' }),
  }),
});

function textOf({ title, body, data }: PushNotification, openUrl: string | undefined): string {
  const parts = [title, body].map((part) => part.toWellFormed().replaceAll('\u0000', '').trim());
  const text = parts.filter((part) => part !== '').join('\n') || '-';
  const link = openUrl === undefined ? '' : `\n${fillUrl(openUrl, data)}`;
  const room = mostBytes - Buffer.byteLength(link);
  // A link that leaves no room for the text is of no use.
  return room < 100 ? cutBytes(text, mostBytes) : `${cutBytes(text, room)}${link}`;
}

/** Between characters as people see them. */
function cutBytes(text: string, bytes: number): string {
  let chars = Math.min(Array.from(text).length, bytes);
  while (chars > 1 && Buffer.byteLength(cutText(text, chars)) > bytes) chars -= Math.max(1, Math.floor(chars / 50));
  return cutText(text, chars);
}
