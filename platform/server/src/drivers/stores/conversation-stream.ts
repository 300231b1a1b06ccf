// How a conversation's log is named and what its epoch becomes when the log is thrown away. Not the log
// itself.

/**
 * The stream of a conversation, as `conversationStream` of @belfry/protocol has it. Said again here because
 * the worker thread would load zod for the sake of two characters; a test holds the two together.
 */
export function conversationStream(conversationId: string): string {
  return `c:${conversationId}`;
}

/** The conversation a stream belongs to; undefined for inboxes and topics. */
export function conversationOfStream(stream: string): string | undefined {
  return stream.startsWith('c:') ? stream.slice(2) : undefined;
}

/** The epoch of a stream that was never thrown away. */
export const firstEpoch = 'e1';

/**
 * The epoch after `epoch`. A conversation that is removed and made again starts at seq 1, so a client that
 * kept its old position would take the new messages for old ones; another epoch says that the position
 * means nothing. An epoch that was not counted is followed by the first that is.
 */
export function nextEpoch(epoch: string): string {
  const counted = /^e(\d{1,9})$/.exec(epoch);
  return counted === null ? firstEpoch : `e${Number(counted[1]) + 1}`;
}
