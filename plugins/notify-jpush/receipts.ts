// What JPush counted of messages, as receipts: each went to one device, so that a message that arrived anywhere
// arrived there. Asking for it is index.ts.
import { z, type Receipt } from '@belfry/plugin-kit';

/** Message ids of one call. */
export const mostReports = 100;

/** Over its own connection and over the channels of the makers. What was opened, is not counted. */
const count = z.number().catch(0);
const reportSchema = z.object({
  jpush_received: count,
  android_pns_received: count,
  ios_apns_received: count,
  ios_msg_received: count,
  quickapp_jpush_received: count,
  hmos_hmpns_received: count,
});

export function receiptsOf(text: string): Receipt[] {
  return reportsIn(text).flatMap(({ messageId, report }): Receipt[] => {
    const isDelivered = Object.values(report).some((received) => received > 0);
    return isDelivered ? [{ providerMessageId: messageId, event: 'delivered' }] : [];
  });
}

/** Ids have up to 19 digits, and come as text or as numbers that no number of JavaScript holds. */
function reportsIn(text: string): { messageId: string; report: z.output<typeof reportSchema> }[] {
  const quoted = text.replaceAll(/("msg_id"\s*:\s*)(\d{1,20})/g, '$1"$2"');
  const schema = z.array(z.looseObject({ msg_id: z.string().regex(/^\d{1,20}$/) })).catch([]);
  return schema.parse(parsed(quoted)).map((each) => ({ messageId: each.msg_id, report: reportSchema.parse(each) }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
