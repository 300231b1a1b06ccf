// Sends notifications by SMS over Twilio. Twilio knows no idempotency key: a message whose answer was lost is
// tried once more and not again.
import {
  checkResultOf,
  cutText,
  defineNotificationProvider,
  fillTemplate,
  labelled,
  outcomeOfFailure,
  pickLocale,
  rejected,
  secret,
  templatesOf,
  z,
  type Outcome,
  type PushNotification,
} from '@belfry/plugin-kit';
import { outcomeOf } from './outcome.ts';
import { receiptsOf } from './receipts.ts';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), `must be ${prefix} and 32 hexadecimal digits`);
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +4915112345678');
/** Twilio's bound for how long it may try. */
const [leastSeconds, mostSeconds] = [1, 36_000];
const mostChars = 1600;

export default defineNotificationProvider({
  id: 'sms-twilio',
  channel: 'sms',
  displayName: 'SMS by Twilio',
  description: 'Text messages to phones in most countries, over Twilio.',
  texts: { zh: { displayName: 'Twilio 短信', description: '通过 Twilio 向大多数国家和地区的手机发送短信。' } },
  docsUrl: 'https://www.twilio.com/docs/messaging/api/message-resource',
  config: z
    .strictObject({
      accountSid: labelled(sid('AC'), {
        en: ['Account SID', 'Twilio console, account info. Begins with AC.'],
        zh: ['Account SID', 'Twilio 控制台 → Account Info，以 AC 开头。'],
      }),
      authToken: labelled(secret(z.string().min(16).max(128)), {
        en: ['Auth token', 'Or the secret of the API key, where one is given.'],
        zh: ['Auth Token', '若填写了 API 密钥，则为该密钥的 Secret。'],
      }),
      apiKeySid: labelled(sid('SK').optional(), {
        en: ['API key SID', 'Begins with SK. A key can be withdrawn without changing the account.'],
        zh: ['API 密钥 SID', '以 SK 开头。可单独吊销，无需更改账户。'],
      }),
      from: labelled(z.union([phone, z.string().regex(/^[A-Za-z0-9 ]{1,11}$/)]).optional(), {
        en: ['From', 'A number of yours, or a name where the country allows one.'],
        zh: ['发送号码', '您的号码；允许的国家也可填写名称。'],
      }),
      messagingServiceSid: labelled(sid('MG').optional(), {
        en: ['Messaging service SID', 'In place of a number. Begins with MG.'],
        zh: ['Messaging Service SID', '可代替发送号码，以 MG 开头。'],
      }),
      texts: labelled(templatesOf(z.string().min(1).max(500)).default({ en: '{title}: {body}' }), {
        en: ['Text', 'By language. Knows {title}, {body}, {count} and {sender}.'],
        zh: ['短信内容', '按语言填写。可用 {title}、{body}、{count}、{sender}。'],
      }),
      maxChars: labelled(z.int().min(20).max(mostChars).default(280), {
        en: ['Longest text', 'In characters. Twilio bills each part of 153, or of 67 with Chinese or emoji.'],
        zh: ['最大长度', '按字符计。每 153 个字符（含中文或表情时为 67 个）计为一条。'],
      }),
      baseUrl: labelled(z.url({ protocol: /^https?$/ }).default('https://api.twilio.com'), {
        en: ['Address', 'Leave it, unless all calls go through a relay of yours.'],
        zh: ['地址', '除非经过您自己的中转，否则无需修改。'],
      }),
    })
    .refine(({ from, messagingServiceSid }) => (from === undefined) !== (messagingServiceSid === undefined), {
      path: ['from'],
      error: 'one of number and messaging service is needed',
    }),
  target: z.strictObject({ phone }),
  limits: { titleChars: 100, bodyChars: 1000, perSecond: 10 },
  supports: { ttl: true, receipts: true },

  setup({ config, fetch, clock, receiptUrl }) {
    const { accountSid, authToken, apiKeySid = accountSid } = config;
    const account = new URL(`/2010-04-01/Accounts/${accountSid}`, config.baseUrl).href;
    const authorization = `Basic ${Buffer.from(`${apiKeySid}:${authToken}`).toString('base64')}`;

    return {
      // A key's secret signs nothing: then the address alone says that it is Twilio.
      parseReceipt: (request) =>
        receiptsOf(request, { receiptUrl, authToken: config.apiKeySid === undefined ? authToken : undefined }),
      async send({ device, notification }, { signal, attempt }): Promise<Outcome> {
        const text = cutText(textOf(notification, pickLocale(config.texts, device.locale)), config.maxChars);
        const seconds = Math.min(Math.max(Math.floor(notification.ttlSeconds), leastSeconds), mostSeconds);
        const form = senderForm(config, text);
        form.set('To', device.target.phone);
        form.set('ValidityPeriod', String(seconds));
        if (receiptUrl !== undefined) form.set('StatusCallback', receiptUrl);
        const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
        const request = { method: 'POST', headers, body: form.toString(), signal };
        try {
          return await outcomeOf(await fetch(`${account}/Messages.json`, request), clock.now());
        } catch (error) {
          // It may have been sent: twice is a nuisance, each further one costs.
          return attempt === 1 ? outcomeOfFailure(error) : rejected('payload', 'no answer, twice');
        }
      },
      /** A message to nobody: only who may send is told that a recipient is missing. A key may not read the account. */
      async check({ signal }) {
        const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
        const request = { method: 'POST', headers, body: senderForm(config, 'check').toString(), signal };
        try {
          const outcome = await outcomeOf(await fetch(`${account}/Messages.json`, request), clock.now());
          const isRead = outcome.outcome === 'rejected' && /^(payload|target_invalid)$/.test(outcome.reason);
          return isRead ? { ok: true } : checkResultOf(outcome);
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

function senderForm(
  { from, messagingServiceSid }: { from?: string | undefined; messagingServiceSid?: string | undefined },
  text: string,
): URLSearchParams {
  const form = new URLSearchParams({ Body: text });
  if (from !== undefined) form.set('From', from);
  if (messagingServiceSid !== undefined) form.set('MessagingServiceSid', messagingServiceSid);
  return form;
}

function textOf({ title, body, count, sender = title }: PushNotification, template = '{title}: {body}'): string {
  const text = fillTemplate(template, { title, body, count, sender });
  return (
    text
      .toWellFormed()
      .replace(/(?!\n)\p{Cc}/gu, '')
      .trim() || '-'
  );
}
