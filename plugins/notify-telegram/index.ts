// Sends notifications by a Telegram bot, to people who have started it and to groups that it is in. The next
// of a conversation takes the place of the one before: it is sent, and the other is deleted.
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  fillUrl,
  labelled,
  outcomeOfFailure,
  secret,
  z,
  type Outcome,
  type PushNotification,
} from '@belfry/plugin-kit';
import { outcomeOf, readAnswer, type TelegramAnswer } from './outcome.ts';

const botToken = z.string().regex(/^\d{5,15}:[A-Za-z0-9_-]{30,64}$/, 'must be as BotFather gives it: 123456:ABC-...');

export default defineNotificationProvider({
  id: 'telegram',
  channel: 'chat',
  displayName: 'Telegram',
  description: 'Messages of a Telegram bot to people and groups.',
  texts: { zh: { displayName: 'Telegram', description: '通过 Telegram 机器人向个人和群组发送消息。' } },
  docsUrl: 'https://core.telegram.org/bots/api',
  config: z.strictObject({
    botToken: labelled(secret(botToken), {
      en: ['Token of the bot', 'From @BotFather, by /newbot.'],
      zh: ['机器人令牌', '在 @BotFather 中使用 /newbot 获取。'],
    }),
    openUrl: labelled(
      z
        .url({ protocol: /^https$/ })
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
    baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://api.telegram.org'), {
      en: ['Address', 'Of your own Bot API server, if you run one.'],
      zh: ['地址', '如自建 Bot API 服务器，请填写其地址。'],
    }),
  }),
  target: z.strictObject({
    chatId: z.union([
      z.int(),
      z.string().regex(/^(-?\d{1,16}|@[A-Za-z]\w{3,31})$/, 'must be a chat id, or the @name of a public group'),
    ]),
    threadId: z.int().positive().optional(),
  }),
  // 4,096 units of UTF-16 in all; a character has two at most.
  limits: { titleChars: 120, bodyChars: 1900, perSecond: 25 },
  supports: { collapse: true, priority: true, clear: true, messageIds: true },

  setup({ config, fetch, clock }) {
    async function call(method: string, body: object, signal: AbortSignal) {
      const response = await fetch(new URL(`/bot${config.botToken}/${method}`, config.baseUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      });
      return { response, answer: await readAnswer(response) };
    }

    /** Best effort: the newer message is there already. */
    async function remove(id: string, signal: AbortSignal): Promise<void> {
      await call('deleteMessage', messageAt(id), signal).catch(() => undefined);
    }

    return {
      async send({ device, notification, previous }, { signal }): Promise<Outcome> {
        const { chatId, threadId } = device.target;
        const chat = { chatId: String(chatId), nowMs: clock.now() };
        const before = isOurs(previous?.providerMessageId) ? previous?.providerMessageId : undefined;
        const content = contentOf(notification, config);
        try {
          // Quiet, as for a message that was edited: the text changes where it stands.
          if (before !== undefined && notification.priority === 'low') {
            const { response, answer } = await call('editMessageText', { ...messageAt(before), ...content }, signal);
            if (answer.ok || isUnchanged(answer)) return accepted(before);
            if (!isMissing(answer)) return outcomeOf(response, answer, chat);
          }
          const { response, answer } = await call(
            'sendMessage',
            {
              ...{ chat_id: chatId, ...content },
              ...(threadId === undefined ? {} : { message_thread_id: threadId }),
              ...(notification.priority === 'low' ? { disable_notification: true } : {}),
            },
            signal,
          );
          if (answer.ok && before !== undefined) await remove(before, signal);
          return outcomeOf(response, answer, chat);
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      async clear({ device, providerMessageId }, { signal }): Promise<Outcome> {
        if (providerMessageId === undefined || !isOurs(providerMessageId)) return accepted();
        try {
          const { response, answer } = await call('deleteMessage', messageAt(providerMessageId), signal);
          // Deleted by somebody, or older than the 48 hours in which a bot may.
          if (isMissing(answer)) return accepted();
          return outcomeOf(response, answer, { chatId: String(device.target.chatId), nowMs: clock.now() });
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      async check({ signal }) {
        try {
          const { response, answer } = await call('getMe', {}, signal);
          return checkResultOf(outcomeOf(response, answer, { chatId: '', nowMs: clock.now() }));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

const idForm = /^(-?\d{1,16}|@[A-Za-z]\w{3,31}):(\d{1,12})$/;

function isOurs(id: string | undefined): boolean {
  return id !== undefined && idForm.test(id);
}

function messageAt(id: string): { chat_id: string; message_id: number } {
  const [, chatId = '', messageId = ''] = idForm.exec(id) ?? [];
  return { chat_id: chatId, message_id: Number(messageId) };
}

function isUnchanged({ description }: TelegramAnswer): boolean {
  return /message is not modified/i.test(description);
}

function isMissing({ description }: TelegramAnswer): boolean {
  return /message to (edit|delete) not found|message can't be (edited|deleted)|MESSAGE_ID_INVALID/i.test(description);
}

/** Plain text, which needs no escaping: no `parse_mode`. */
function contentOf(
  { title, body, data }: PushNotification,
  { openUrl, openText }: { openUrl?: string | undefined; openText: string },
): object {
  const text = [title, body]
    .map((part) => part.toWellFormed().replaceAll('\u0000', '').trim())
    .filter(Boolean)
    .join('\n');
  return {
    text: text || '-',
    link_preview_options: { is_disabled: true },
    ...(openUrl === undefined
      ? {}
      : { reply_markup: { inline_keyboard: [[{ text: openText, url: fillUrl(openUrl, data) }]] } }),
  };
}
