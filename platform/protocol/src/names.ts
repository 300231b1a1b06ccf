// How ids become names of streams and parts of longer texts. Which ids there are: ids.ts.
//
// No zod here, not even at a distance: the thread of the data file loads this file at every start, and the schemas
// take it longer than all the rest.

/** The stream of a conversation's messages. */
export function conversationStream(conversationId: string): string {
  return `c:${conversationId}`;
}

/** The stream of a user's direct messages and system notifications. */
export function inboxStream(userId: string): string {
  return `i:${userId}`;
}

/** The id as ASCII without blanks, slashes and quotes. Two users never have the same. */
export function plainUserId(userId: string): string {
  return userId.replaceAll(/[^A-Za-z0-9._:@-]/gu, encodeURIComponent);
}
