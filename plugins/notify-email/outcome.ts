// The outcome for each failure of a mail server: its enhanced code (RFC 3463) decides, then the reply code,
// then the kind of failure. A refusal of one address never says anything against the account.
import { outcomeOfFailure, rejected, retry, type Outcome } from '@belfry/plugin-kit';

const greylistedMs = 300_000;
/** The mailbox is not there, or is not any more (RFC 3463). */
export const goneCodes = new Set(['5.1.1', '5.1.6', '5.1.10']);
const credentialFailures = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG']);
/** Refusals of who sends, whatever stands in the answer. */
const credentialReplies = new Set([530, 534, 535, 538]);
const certificate = /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

interface SmtpFailure {
  code: string;
  /** That the server answered, such as `RCPT TO`. */
  command: string;
  replyCode: number | undefined;
  /** Such as `5.1.1`; empty where the server gives none. */
  enhanced: string;
  text: string;
}

export function outcomeOfSmtp(thrown: unknown): Outcome {
  const failure = readFailure(thrown);
  const { code, replyCode, enhanced, text } = failure;
  const isTls = code === 'ETLS' || code === 'ESOCKET';
  if (certificate.test(code) || (isTls && /certificate|altname/i.test(messageOf(thrown))))
    return rejected('credentials', 'the certificate of the mail server is not valid for its name');
  // The answer, if there is one, is that it does not know how.
  if (code === 'ETLS') return rejected('credentials', 'the mail server does not encrypt as it should');
  if (replyCode === undefined) {
    if (credentialFailures.has(code)) return rejected('credentials', `the mail server refuses the account (${code})`);
    if (code === 'EMESSAGE' || code === 'EENVELOPE') return rejected('payload', `the mail cannot be sent (${code})`);
    return outcomeOfFailure(thrown);
  }
  const said = [replyCode, enhanced].filter(Boolean).join(' ');
  const isTemporary = replyCode < 500 || enhanced.startsWith('4.') || /\btemporar/i.test(text);
  if (credentialReplies.has(replyCode) || credentialFailures.has(code))
    return isTemporary ? retry(said) : rejected('credentials', `${said}: the mail server refuses the account`);
  if (isTemporary) return retry(said, replyCode === 450 || replyCode === 451 ? greylistedMs : undefined);
  return refusalOf({ ...failure, replyCode }, said);
}

function refusalOf(
  { code, command, replyCode, enhanced, text }: SmtpFailure & { replyCode: number },
  said: string,
): Outcome {
  if (command === 'MAIL FROM') return rejected('credentials', `${said}: the mail server refuses the sender address`);
  const isAddress = code === 'EENVELOPE';
  if (isAddress && (goneCodes.has(enhanced) || /user unknown|no such user/i.test(text)))
    return rejected('target_gone', said);
  if (isAddress && (enhanced === '5.1.3' || enhanced === '5.1.2')) return rejected('target_invalid', said);
  // A full mailbox is emptied one day.
  if (enhanced === '5.2.2') return retry(said);
  if (/relay|sender (address )?rejected|not (allowed|permitted|authorized) to send/i.test(text))
    return rejected('credentials', `${said}: the mail server does not send for this address`);
  const brief = text.replace(/[^\p{L}\p{N} .,:;-]/gu, ' ').slice(0, 200);
  return rejected('payload', enhanced === '' ? `${replyCode} ${brief}` : said);
}

function readFailure(thrown: unknown): SmtpFailure {
  const at = (name: string): unknown =>
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined;
  const [code, command, reply, text] = [at('code'), at('command'), at('responseCode'), at('response')];
  const response = typeof text === 'string' ? text : '';
  return {
    code: typeof code === 'string' ? code : '',
    command: typeof command === 'string' ? command : '',
    replyCode: typeof reply === 'number' && reply >= 400 && reply <= 599 ? reply : undefined,
    enhanced: /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? '',
    text: response,
  };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : '';
}
