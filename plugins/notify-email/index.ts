// Sends notifications by e-mail, over SMTP: one connection and one mail for each delivery. What comes back of mail
// that a server took is receipts.ts.
import {
  accepted,
  checkResultOf,
  defineNotificationProvider,
  type CheckResult,
  type Outcome,
  type ProviderContext,
  type ProviderInstance,
} from '@belfry/plugin-kit';
import { isIP, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { configSchema, targetSchema, type EmailConfig } from './config.ts';
import { mailOf, signedHeaders } from './mail.ts';
import { outcomeOfSmtp } from './outcome.ts';
import { receiptReader } from './receipts.ts';

export default defineNotificationProvider({
  id: 'email',
  channel: 'email',
  displayName: 'E-mail',
  description: 'Notifications by e-mail over any SMTP server, grouped by conversation.',
  texts: { zh: { displayName: '电子邮件', description: '通过任意 SMTP 服务器发送邮件通知，按会话归组。' } },
  docsUrl: 'https://nodemailer.com/smtp',
  config: configSchema,
  target: targetSchema,
  limits: { titleChars: 200, bodyChars: 20_000, perSecond: 5 },
  supports: { priority: true, unsubscribe: true, receipts: true },

  setup: (ctx) => ({
    async send(delivery, { signal }): Promise<Outcome> {
      const mail = mailOf(delivery, ctx.config, ctx.clock.now());
      try {
        return await connected(ctx, signal, async (transport) => {
          const { messageId } = await transport.sendMail(mail);
          return accepted(messageId);
        });
      } catch (error) {
        return outcomeOfSmtp(error);
      }
    },
    ...withReceipts(ctx),
    /** Connects, encrypts, signs in, and says goodbye. */
    async check({ signal }): Promise<CheckResult> {
      try {
        return await connected(ctx, signal, async (transport) => {
          await transport.verify();
          return { ok: true };
        });
      } catch (error) {
        return checkResultOf(outcomeOfSmtp(error));
      }
    },
  }),
});

function withReceipts(ctx: ProviderContext<EmailConfig>): Pick<ProviderInstance, 'parseReceipt'> {
  const parseReceipt = receiptReader(ctx);
  return parseReceipt === undefined ? {} : { parseReceipt };
}

/** Library and server get no longer than the call: with its signal the socket is closed. */
async function connected<T>(
  ctx: ProviderContext<EmailConfig>,
  signal: AbortSignal,
  run: (transport: ReturnType<typeof transportOver>) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const { host, port, security, ca } = ctx.config;
  const tls = security === 'tls' ? (ca === undefined ? true : { ca }) : false;
  const socket = await ctx.connect({ host, port, tls, signal });
  const hangUp = () => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', hangUp, { once: true });
  // Errors of the socket reach the library; one that comes after it has left concerns nobody.
  socket.on('error', () => undefined);
  const transport = transportOver(socket, ctx.config);
  try {
    return await run(transport);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', hangUp);
    transport.close();
    socket.destroy();
  }
}

function transportOver(connection: Socket, config: EmailConfig) {
  const { host, port, security, username: user, password: pass, ca } = config;
  const { dkimDomain: domainName, dkimSelector: keySelector, dkimKey: privateKey } = config;
  const secured = security === 'tls';
  return createTransport({
    ...{ host, port, secure: secured, requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(user === undefined || pass === undefined ? {} : { auth: { user, pass } }),
    ...(domainName === undefined || keySelector === undefined || privateKey === undefined
      ? {}
      : { dkim: { domainName, keySelector, privateKey, headerFieldNames: signedHeaders } }),
    tls: { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) },
    // Nothing of a notification makes it read files or call addresses.
    ...{ disableFileAccess: true, disableUrlAccess: true },
    getSocket: (_options, callback) => callback(null, { connection, secured }),
  });
}
