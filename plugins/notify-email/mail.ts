// The mail that one notification becomes: subject, text, the same as HTML, and the headers by which mail
// programs group mails, answer none of them, and unsubscribe. Sending it is index.ts.
import { createHash, createHmac } from 'node:crypto';
import { fillTemplate, fillUrl, pickLocale, previewLine, type Delivery } from '@belfry/plugin-kit';
import type { SendMailOptions } from 'nodemailer';
import { envelopeSenderOf } from './bounces.ts';
import type { EmailConfig, EmailTarget } from './config.ts';
import { smtpApiHeader } from './sendgrid.ts';

/** Also what makes one click unsubscribe; nodemailer does not sign it unless it is told to. */
export const signedHeaders = [
  ...['from', 'sender', 'reply-to', 'subject', 'date', 'message-id', 'to', 'cc', 'mime-version', 'content-type'],
  ...['content-transfer-encoding', 'in-reply-to', 'references', 'list-unsubscribe', 'list-unsubscribe-post'],
  'auto-submitted',
].join(':');

export function mailOf(delivery: Delivery<EmailTarget>, config: EmailConfig, nowMs: number): SendMailOptions {
  const { id, device, notification } = delivery;
  const { title, body, count, sender, data, priority, collapseKey } = notification;
  const words = { title, body, count, sender: sender ?? title };
  const domain = config.fromAddress.slice(config.fromAddress.lastIndexOf('@') + 1);
  const subject = fillTemplate(pickLocale(config.subjects, device.locale) ?? '{title}', words);
  const open = openingOf(data, device.locale, config);
  const { conversationId } = data;
  const thread = hashOf(typeof conversationId === 'string' ? conversationId : collapseKey);
  const name = config.fromName === undefined ? undefined : previewLine(fillTemplate(config.fromName, words), 100);
  return {
    from: name === undefined ? config.fromAddress : { name, address: config.fromAddress },
    to:
      device.target.name === undefined
        ? device.target.address
        : { name: device.target.name, address: device.target.address },
    ...(config.bounceAddress === undefined
      ? {}
      : { envelope: { from: envelopeSenderOf(config.bounceAddress, id), to: device.target.address } }),
    ...(config.replyTo === undefined ? {} : { replyTo: config.replyTo }),
    subject: previewLine(subject, 200) || '-',
    date: new Date(nowMs),
    // The same in every attempt: who gets it twice shows it once.
    messageId: `<${id}@${domain}>`,
    inReplyTo: `<c-${thread}@${domain}>`,
    references: `<c-${thread}@${domain}>`,
    text: textOf(body, open),
    html: htmlOf({ title, body, locale: device.locale }, open),
    ...(priority === 'urgent' ? { priority: 'high' as const } : {}),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Entity-Ref-ID': id,
      ...(config.sendgridKey === undefined ? {} : smtpApiHeader(id)),
      ...(oneClickOf(delivery, config) === undefined ? {} : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    ...unsubscribingOf(delivery, config),
  };
}

interface Opening {
  url: string;
  text: string;
}

function openingOf(
  data: Readonly<Record<string, unknown>>,
  locale: string | undefined,
  { openUrl, openTexts }: EmailConfig,
): Opening | undefined {
  if (openUrl === undefined) return undefined;
  return { url: fillUrl(openUrl, data), text: pickLocale(openTexts, locale) ?? 'Open' };
}

/** The tenant's own address, or the server's, which removes the device. */
function oneClickOf(
  { userId, device, unsubscribeUrl: ofHost }: Delivery<EmailTarget>,
  { unsubscribeUrl, unsubscribeSecret }: EmailConfig,
): string | undefined {
  if (unsubscribeUrl === undefined) return ofHost;
  const signature =
    unsubscribeSecret === undefined
      ? ''
      : createHmac('sha256', unsubscribeSecret).update(`${userId}\n${device.id}`).digest('base64url');
  return fillUrl(unsubscribeUrl, { userId, deviceId: device.id, t: signature });
}

/** Nested: one header with both ways. Two headers are forbidden (RFC 8058). */
function unsubscribingOf(delivery: Delivery<EmailTarget>, config: EmailConfig): Pick<SendMailOptions, 'list'> {
  const { unsubscribeMailto } = config;
  const oneClick = oneClickOf(delivery, config);
  const ways = [
    ...(oneClick === undefined ? [] : [{ url: oneClick, comment: '' }]),
    ...(unsubscribeMailto === undefined
      ? []
      : [{ url: `mailto:${unsubscribeMailto}?subject=unsubscribe`, comment: '' }]),
  ];
  return ways.length === 0 ? {} : { list: { unsubscribe: [ways] } };
}

function textOf(body: string, open: Opening | undefined): string {
  return open === undefined ? `${clean(body)}\n` : `${clean(body)}\n\n${open.text}: ${open.url}\n`;
}

function htmlOf(
  { title, body, locale = 'en' }: { title: string; body: string; locale?: string | undefined },
  open: Opening | undefined,
): string {
  const button =
    open === undefined
      ? ''
      : `<p style="margin:24px 0 0"><a href="${escaped(open.url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#1d4ed8;color:#ffffff;text-decoration:none;font-weight:600">${escaped(open.text)}</a></p>`;
  return [
    `<!doctype html><html lang="${escaped(locale)}" dir="auto"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>`,
    '<body style="margin:0;padding:24px;font:16px/1.5 -apple-system,Segoe UI,Roboto,PingFang SC,Microsoft YaHei,sans-serif">',
    `<h1 style="margin:0 0 8px;font-size:18px">${escaped(clean(title))}</h1>`,
    `<p style="margin:0;white-space:pre-wrap">${escaped(clean(body))}</p>${button}</body></html>`,
  ].join('');
}

/** Mail carries no control characters, but line ends and tabs. */
function clean(text: string): string {
  return text.toWellFormed().replace(/(?![\n\t])\p{Cc}/gu, '');
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => entities.get(char) ?? char);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
