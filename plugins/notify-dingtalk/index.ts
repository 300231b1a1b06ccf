// Sends notifications to a group in DingTalk, by the address of a custom robot in it.
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
  id: 'dingtalk',
  channel: 'chat',
  displayName: 'DingTalk',
  description: 'Messages of a custom robot to a group in DingTalk.',
  texts: { zh: { displayName: '钉钉', description: '通过自定义机器人向钉钉群发送消息。' } },
  docsUrl: 'https://open.dingtalk.com/document/robots/custom-robot-access',
  config: z.strictObject({
    webhookUrl: labelled(secret(z.url({ protocol: /^https?$/ }).max(500)), {
      en: ['Webhook', 'Group settings, robots, custom: https://oapi.dingtalk.com/robot/send?access_token=...'],
      zh: ['Webhook 地址', '群设置 → 机器人 → 自定义：https://oapi.dingtalk.com/robot/send?access_token=...'],
    }),
    signingSecret: labelled(secret(z.string().regex(/^SEC\w{16,100}$/, 'must begin with SEC')).optional(), {
      en: ['Signing secret', 'Begins with SEC; where the robot verifies signatures.'],
      zh: ['加签密钥', '以 SEC 开头；机器人安全设置选择“加签”时填写。'],
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
  // 20 messages a minute, or the robot is silent for ten.
  limits: { titleChars: 200, bodyChars: 3000, perSecond: 0.3 },
  supports: {},

  setup: ({ config, fetch, clock }) => ({
    async send({ notification }, { signal }): Promise<Outcome> {
      const body = JSON.stringify({ msgtype: 'text', text: { content: textOf(notification, config.openUrl) } });
      try {
        const url = signed(config.webhookUrl, config.signingSecret, clock.now());
        const headers = { 'content-type': 'application/json; charset=utf-8' };
        return await outcomeOf(await fetch(url, { method: 'POST', headers, body, signal }), clock.now());
      } catch (error) {
        return outcomeOfFailure(error);
      }
    },
    /** Only by posting, and then people see it. */
    check: () => ({ ok: true, detail: 'a robot of a group cannot be checked without a message' }),
  }),
});

function signed(webhookUrl: string, signingSecret: string | undefined, nowMs: number): URL {
  const url = new URL(webhookUrl);
  if (signingSecret === undefined) return url;
  const timestamp = String(Math.floor(nowMs));
  url.searchParams.set('timestamp', timestamp);
  url.searchParams.set(
    'sign',
    createHmac('sha256', signingSecret).update(`${timestamp}\n${signingSecret}`).digest('base64'),
  );
  return url;
}

function textOf({ title, body, data }: PushNotification, openUrl: string | undefined): string {
  const parts = [title, body].map((part) => part.toWellFormed().replaceAll('\u0000', '').trim());
  const link = openUrl === undefined ? [] : [fillUrl(openUrl, data)];
  return [...parts.filter((part) => part !== ''), ...link].join('\n') || '-';
}
