// What drivers keep of an entry of the journey index beside its JSON, to find it by. Not how they find it.

import type { Reason } from '@belfry/protocol';
import type { JourneyEntry } from '../../ports/stores/index.ts';

export function columnsOf(entry: JourneyEntry) {
  const { messageId, at, kind, conversationId, senderId, users, counts, facts } = entry;
  const reasons = Object.keys(counts) as Reason[];
  return {
    ...{ messageId, at, kind, reasons, facts, body: JSON.stringify(entry) },
    ...(conversationId !== undefined && { conversationId }),
    ...(senderId !== undefined && { senderId }),
    ...(users !== undefined && { users }),
  };
}
