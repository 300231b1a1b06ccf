// A real SMTP server for the tests: STARTTLS or TLS, a password, answers by recipient; and the check of a DKIM
// signature, as a receiver makes it (RFC 6376, relaxed).
import { createHash, createVerify, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  envelope: { from: string; to: string[] };
  raw: string;
  parsed: ParsedMail;
}

export interface MailServer {
  port: number;
  mails: ReceivedMail[];
  close(): Promise<void>;
}

export interface SmtpReply {
  code: number;
  message: string;
}

export async function startMailServer(options: {
  certificate: { cert: string; key: string };
  security?: 'tls' | 'starttls' | 'none';
  user?: { username: string; password: string };
  /** By the address of the recipient, of the sender, and of the content's end. */
  replies?: { rcpt?: ReadonlyMap<string, SmtpReply>; mail?: SmtpReply; data?: SmtpReply; auth?: SmtpReply };
}): Promise<MailServer> {
  const { certificate, security = 'starttls', user, replies = {} } = options;
  const mails: ReceivedMail[] = [];
  const given: SMTPServerOptions = {
    ...certificate,
    secure: security === 'tls',
    logger: false,
    disabledCommands: [...(security === 'none' ? ['STARTTLS'] : []), ...(user === undefined ? ['AUTH'] : [])],
    authOptional: user === undefined,
    onAuth(auth, _session, callback) {
      const isRight = auth.username === user?.username && auth.password === user?.password;
      const wrong = isRight ? undefined : { code: 535, message: '5.7.8 authentication failed' };
      const reply = replies.auth ?? wrong;
      callback(reply === undefined ? null : failure(reply), { user: auth.username });
    },
    onMailFrom(_address, _session, callback) {
      callback(replies.mail === undefined ? null : failure(replies.mail));
    },
    onRcptTo({ address }, _session, callback) {
      const reply = replies.rcpt?.get(address);
      callback(reply === undefined ? null : failure(reply));
    },
    onData(stream, session, callback) {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        if (replies.data !== undefined) {
          callback(failure(replies.data));
          return;
        }
        const raw = Buffer.concat(chunks).toString('latin1');
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
        mails.push({ envelope, raw, parsed: await simpleParser(Buffer.concat(chunks)) });
        callback(null);
      })();
    },
  };
  const server = new SMTPServer(given);
  // Clients that end in the middle of a handshake are no fault of it.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    async close() {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      server.close(() => resolve(undefined));
      await promise;
    },
  };
}

function failure({ code, message }: SmtpReply): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

/** Whether the mail has a right signature, and the names of the headers that it covers. */
export function verifyDkim(raw: string, key: KeyObject): { isGenuine: boolean; covers: string[] } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).split(/\r\n(?![ \t])/);
  const find = (name: string) => headers.find((line) => line.toLowerCase().startsWith(`${name}:`));
  const signature = find('dkim-signature') ?? '';
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag) => tag.trim().split(/=(.*)/s) as [string, string])
      .map(([name, value]) => [name, value.replace(/\s+/g, '')]),
  );
  const covers = (tags.get('h') ?? '').toLowerCase().split(':');
  const body = `${raw
    .slice(end + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trimEnd())
    .join('\r\n')
    .replace(/(\r\n)+$/, '')}\r\n`;
  if (createHash('sha256').update(body, 'latin1').digest('base64') !== tags.get('bh'))
    return { isGenuine: false, covers };
  const signed = covers
    .map(find)
    .filter((line) => line !== undefined)
    .map((line) => `${relaxed(line)}\r\n`);
  const own = relaxed(signature.replace(/\bb=[^;]*$/, 'b='));
  const isGenuine = createVerify('RSA-SHA256')
    .update(signed.join('') + own, 'latin1')
    .verify(key, tags.get('b') ?? '', 'base64');
  return { isGenuine, covers };
}

function relaxed(header: string): string {
  const colon = header.indexOf(':');
  const value = header
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${header.slice(0, colon).toLowerCase().trim()}:${value}`;
}
