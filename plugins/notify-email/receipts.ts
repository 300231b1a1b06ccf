// What is reported of mails that a server took: by whom a request is, and who reads it. Mail servers and the
// tenant's own systems: bounces.ts; Amazon SES: ses.ts; SendGrid: sendgrid.ts.
import type { ProviderContext, ReceiptRequest, Receipts } from '@belfry/plugin-kit';
import { bouncesOf, deliveryOfSender } from './bounces.ts';
import type { EmailConfig } from './config.ts';
import { isOfSendgrid, readKey, sendgridReceiptsOf } from './sendgrid.ts';
import { isOfSns, sesReceiptsOf } from './ses.ts';

/** Undefined where nobody is to report. */
export function receiptReader(
  ctx: ProviderContext<EmailConfig>,
): ((request: ReceiptRequest) => Promise<Receipts> | Receipts) | undefined {
  const { bounceAddress, bounceSecret, sesTopicArn: topicArn, sendgridKey } = ctx.config;
  const key = sendgridKey === undefined ? undefined : readKey(sendgridKey);
  if ([bounceAddress, bounceSecret, topicArn, key].every((each) => each === undefined)) return undefined;
  const deliveryOf = (sender: string) =>
    bounceAddress === undefined ? undefined : deliveryOfSender(bounceAddress, sender);
  return (request) => {
    if (isOfSns(request)) {
      if (topicArn === undefined) return { refused: 'no topic of Amazon SES is configured' };
      const { fetch, clock, tokens, signal } = ctx;
      return sesReceiptsOf(new TextDecoder().decode(request.body), {
        ...{ topicArn, deliveryOf, fetch, clock, tokens, signal },
      });
    }
    if (isOfSendgrid(request))
      return key === undefined ? { refused: 'no key of SendGrid is configured' } : sendgridReceiptsOf(request, key);
    return bouncesOf(request, { bounceAddress, bounceSecret, nowMs: ctx.clock.now() });
  };
}
