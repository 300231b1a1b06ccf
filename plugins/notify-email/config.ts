// The form of the e-mail provider's configuration. What it is used for: mail.ts and index.ts.
import { labelled, secret, templatesOf, webhookKey, z } from '@belfry/plugin-kit';
import { readKey } from './sendgrid.ts';
import { topicArnForm } from './ses.ts';

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line');
const address = z.email().max(254);
const template = z.url({ protocol: /^https?$/ }).max(1000);

export const configSchema = z
  .strictObject({
    host: labelled(z.union([z.hostname(), z.ipv4(), z.ipv6()]), {
      en: ['Mail server', 'Such as smtp.example.com.'],
      zh: ['邮件服务器', '例如 smtp.example.com。'],
    }),
    port: labelled(z.int().min(1).max(65_535).default(587), {
      en: ['Port', '465 with TLS, 587 with STARTTLS, 25 for a relay of your own.'],
      zh: ['端口', 'TLS 为 465，STARTTLS 为 587，自建中继为 25。'],
    }),
    security: labelled(z.enum(['tls', 'starttls', 'none']).default('starttls'), {
      en: ['Encryption', '`tls` from the first byte, `starttls`, or `none` for a relay in your own network.'],
      zh: ['加密方式', '`tls`：从首字节开始加密；`starttls`；`none`：仅限内网中继。'],
    }),
    username: labelled(line(256).optional(), {
      en: ['User', 'Often the address itself.'],
      zh: ['用户名', '通常就是邮箱地址。'],
    }),
    password: labelled(secret(z.string().min(1).max(512)).optional(), {
      en: ['Password', 'Many providers want an app password here.'],
      zh: ['密码', '许多邮箱要求使用客户端授权码。'],
    }),
    ca: labelled(z.string().startsWith('-----BEGIN CERTIFICATE-----').max(20_000).optional(), {
      en: ['Certificate authority', 'PEM, for a mail server with a certificate of your own.'],
      zh: ['证书颁发机构', 'PEM 格式，用于自签证书的邮件服务器。'],
    }),
    fromAddress: labelled(address, {
      en: ['From', 'The server must be allowed to send for this address (SPF, DKIM).'],
      zh: ['发件地址', '该服务器必须有权以此地址发信（SPF、DKIM）。'],
    }),
    fromName: labelled(line(100).optional(), {
      en: ['Name', 'Beside the address. {sender} is the name of who wrote the message.'],
      zh: ['发件人名称', '显示在地址旁；{sender} 会替换为消息发送者的名字。'],
    }),
    replyTo: labelled(address.optional(), {
      en: ['Reply to', 'Where answers go, if not to the sender address.'],
      zh: ['回复地址', '若与发件地址不同，请填写。'],
    }),
    bounceAddress: labelled(address.regex(/^[^@]{1,27}@/, 'must have at most 27 characters before the @').optional(), {
      en: [
        'Bounce address',
        'Mails that cannot be delivered come back to it, as bounce+id@example.com. Your mail server hands them to Belfry.',
      ],
      zh: ['退信地址', '无法投递的邮件会退回到此地址（形如 bounce+id@example.com），由您的邮件服务器转交给 Belfry。'],
    }),
    bounceSecret: labelled(
      secret(z.string().startsWith('whsec_'))
        .refine((text) => webhookKey(text).length >= 16, 'must hold at least 16 bytes')
        .optional(),
      {
        en: ['Secret of reports', 'whsec_ and base64: signs reports of your own about mails (Standard Webhooks).'],
        zh: ['回执签名密钥', 'whsec_ 加 base64：用于校验您自行上报的邮件状态（Standard Webhooks）。'],
      },
    ),
    sesTopicArn: labelled(z.string().regex(topicArnForm, 'must be the ARN of a topic of Amazon SNS').optional(), {
      en: [
        'Topic of Amazon SES',
        'ARN of the SNS topic that SES reports to. Subscribe the address that Belfry shows to it.',
      ],
      zh: ['Amazon SES 主题', 'SES 通知所用 SNS 主题的 ARN。请将 Belfry 显示的地址订阅到该主题。'],
    }),
    sendgridKey: labelled(
      z
        .string()
        .refine((text) => readKey(text) !== undefined, 'must be the verification key of SendGrid')
        .optional(),
      {
        en: ['Verification key of SendGrid', 'Mail settings, event webhook, signed event webhook.'],
        zh: ['SendGrid 验证公钥', 'Mail Settings → Event Webhook → Signed Event Webhook。'],
      },
    ),
    subjects: labelled(templatesOf(line(200)).default({ en: '{title}' }), {
      en: [
        'Subject',
        'By language, such as {"en": "{sender} wrote to you"}. Knows {title}, {body}, {count} and {sender}.',
      ],
      zh: ['主题', '按语言填写，例如 {"zh": "{sender} 给您发来消息"}。可用 {title}、{body}、{count}、{sender}。'],
    }),
    openUrl: labelled(template.optional(), {
      en: ['Link', 'To the app, such as https://app.example.com/chat/{conversationId}.'],
      zh: ['链接', '打开应用的地址，例如 https://app.example.com/chat/{conversationId}。'],
    }),
    openTexts: labelled(templatesOf(line(60)).default({ en: 'Open', zh: '打开' }), {
      en: ['Text of the link', 'By language.'],
      zh: ['链接文字', '按语言填写。'],
    }),
    unsubscribeUrl: labelled(template.optional(), {
      en: [
        'Unsubscribe address',
        'In place of the one of Belfry. Takes a bare POST (RFC 8058). Knows {userId}, {deviceId} and {t}, the signature.',
      ],
      zh: [
        '退订地址',
        '代替 Belfry 自带的地址。须接受无内容的 POST（RFC 8058）。可用 {userId}、{deviceId} 和签名 {t}。',
      ],
    }),
    unsubscribeSecret: labelled(secret(z.string().min(16).max(256)).optional(), {
      en: ['Unsubscribe secret', 'Signs {t}: HMAC-SHA256 of userId, a line end, deviceId, in base64url.'],
      zh: ['退订签名密钥', '用于生成 {t}：对 userId、换行、deviceId 计算 HMAC-SHA256，以 base64url 表示。'],
    }),
    unsubscribeMailto: labelled(address.optional(), {
      en: ['Unsubscribe by mail', 'An address that reads such mails.'],
      zh: ['退订邮箱', '用于接收退订邮件的地址。'],
    }),
    dkimDomain: labelled(z.hostname().optional(), {
      en: ['DKIM domain', 'Only where the mail server does not sign by itself.'],
      zh: ['DKIM 域名', '仅当邮件服务器不自行签名时填写。'],
    }),
    dkimSelector: labelled(z.hostname().optional(), {
      en: ['DKIM selector', 'The name before ._domainkey in DNS.'],
      zh: ['DKIM 选择器', 'DNS 中 ._domainkey 之前的名称。'],
    }),
    dkimKey: labelled(secret(z.string().includes('PRIVATE KEY-----').max(10_000)).optional(), {
      en: ['DKIM key', 'The private key, PEM.'],
      zh: ['DKIM 私钥', 'PEM 格式。'],
    }),
  })
  .superRefine((config, ctx) => {
    const isWhole = new Set([config.dkimDomain, config.dkimSelector, config.dkimKey].map((each) => each !== undefined));
    if (isWhole.size > 1)
      ctx.addIssue({ code: 'custom', path: ['dkimKey'], message: 'needs domain, selector and key' });
    if ((config.username === undefined) !== (config.password === undefined))
      ctx.addIssue({ code: 'custom', path: ['password'], message: 'goes with a user' });
    if (config.security === 'none' && config.password !== undefined)
      ctx.addIssue({
        code: 'custom',
        path: ['security'],
        message: 'must not be none with a password: anybody could read it',
      });
  });

export type EmailConfig = z.output<typeof configSchema>;

export const targetSchema = z.strictObject({ address, name: line(100).optional() });
export type EmailTarget = z.output<typeof targetSchema>;
