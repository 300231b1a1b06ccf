// Sends notifications by SMS over Alibaba Cloud (阿里云短信), with a template that it has approved.
import { randomUUID } from 'node:crypto';
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
import { encoded, signed } from './sign.ts';

const parameterName = z.string().regex(/^[A-Za-z]\w{0,29}$/);

export default defineNotificationProvider({
  id: 'sms-aliyun',
  channel: 'sms',
  displayName: 'SMS by Alibaba Cloud',
  description: 'Text messages over Alibaba Cloud, with a signature and a template that it has approved.',
  texts: { zh: { displayName: '阿里云短信', description: '通过阿里云发送短信，需使用已审核通过的签名和模板。' } },
  docsUrl: 'https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms',
  config: z.strictObject({
    accessKeyId: labelled(z.string().regex(/^[A-Za-z0-9.]{10,64}$/), {
      en: ['AccessKey ID', 'Of a RAM user with the permission AliyunDysmsFullAccess.'],
      zh: ['AccessKey ID', '建议使用具有 AliyunDysmsFullAccess 权限的 RAM 用户。'],
    }),
    accessKeySecret: labelled(secret(z.string().min(16).max(128)), {
      en: ['AccessKey secret', 'Shown once, when the key is made.'],
      zh: ['AccessKey Secret', '仅在创建时显示一次。'],
    }),
    signName: labelled(z.string().min(2).max(30), {
      en: ['Signature', 'The approved name before each message, without brackets.'],
      zh: ['短信签名', '已审核通过的签名，不含【】。'],
    }),
    templateCodes: labelled(templatesOf(z.string().regex(/^SMS_\d{5,15}$/, 'must be SMS_ and digits')), {
      en: ['Templates', 'By language, such as {"zh": "SMS_123456789"}.'],
      zh: ['模板', '按语言填写，例如 {"zh": "SMS_123456789"}。'],
    }),
    templateParams: labelled(
      z.record(parameterName, z.string().max(100)).default({ title: '{title}', body: '{body}' }),
      {
        en: ['Parameters', 'Of the template. Know {title}, {body}, {count} and {sender}.'],
        zh: ['模板变量', '可用 {title}、{body}、{count}、{sender}。'],
      },
    ),
    paramChars: labelled(z.int().min(4).max(1000).default(35), {
      en: ['Longest parameter', 'In characters; 35 for most templates.'],
      zh: ['变量最大长度', '按字符计，多数模板为 35。'],
    }),
    receipts: labelled(z.boolean().default(false), {
      en: [
        'Receipts',
        'Enter the address that Belfry shows in the console of SMS, as the HTTP address of delivery reports.',
      ],
      zh: ['短信回执', '请将 Belfry 显示的地址填入短信控制台的「短信发送回执」HTTP 批量推送。'],
    }),
    endpoint: labelled(z.url({ protocol: /^https?$/ }).default('https://dysmsapi.aliyuncs.com'), {
      en: ['Address', 'https://dysmsapi.ap-southeast-1.aliyuncs.com for international accounts.'],
      zh: ['地址', '国际站请填写 https://dysmsapi.ap-southeast-1.aliyuncs.com。'],
    }),
  }),
  target: z.strictObject({
    phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +8613800138000'),
  }),
  limits: { titleChars: 100, bodyChars: 500, perSecond: 20 },
  supports: { receipts: true },

  setup({ config, fetch, clock }) {
    async function call(
      action: string,
      parameters: Readonly<Record<string, string>>,
      signal: AbortSignal,
    ): Promise<Outcome> {
      const common = {
        ...{ Action: action, Version: '2017-05-25', Format: 'JSON', AccessKeyId: config.accessKeyId },
        ...{ SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0' },
        // Another in each attempt, or it would be refused as a repetition.
        SignatureNonce: randomUUID(),
        Timestamp: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
      };
      const form = signed({ ...common, ...parameters }, config.accessKeySecret);
      const body = [...form].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await fetch(new URL('/', config.endpoint), { method: 'POST', headers, body, signal });
      return await outcomeOf(response, clock.now());
    }

    return {
      ...(config.receipts ? { parseReceipt: receiptsOf } : {}),
      async send({ id, device, notification }, { signal }): Promise<Outcome> {
        const template = pickLocale(config.templateCodes, device.locale);
        if (template === undefined) return rejected('credentials', 'no template is configured');
        const parameters = {
          PhoneNumbers: numberOf(device.target.phone),
          SignName: config.signName,
          TemplateCode: template,
          TemplateParam: JSON.stringify(parametersOf(notification, config)),
          OutId: id,
        };
        try {
          return await call('SendSms', parameters, signal);
        } catch (error) {
          return outcomeOfFailure(error);
        }
      },
      /** Asks for the state of the signature. */
      async check({ signal }) {
        try {
          return checkResultOf(await call('QuerySmsSign', { SignName: config.signName }, signal));
        } catch (error) {
          return checkResultOf(outcomeOfFailure(error));
        }
      },
    };
  },
});

/** Numbers of China go without their country, others without the plus. */
function numberOf(phone: string): string {
  return phone.startsWith('+86') ? phone.slice(3) : phone.slice(1);
}

function parametersOf(
  { title, body, count, sender = title }: PushNotification,
  { templateParams, paramChars }: { templateParams: Readonly<Record<string, string>>; paramChars: number },
): Record<string, string> {
  const values = { title, body, count, sender };
  const filled = Object.entries(templateParams).map(([name, template]): [string, string] => {
    const text = fillTemplate(template, values)
      .toWellFormed()
      .replace(/\p{Cc}+/gu, ' ')
      .trim();
    // Links are refused in parameters, and so is nothing at all.
    return [name, cutText(text.replace(/https?:\/\/\S+/gi, '…'), paramChars) || '-'];
  });
  return Object.fromEntries(filled);
}
