// The users whom a stored message is for: the one reading of its fields `targets`, `exclude` and `senderId`.
// Lists of users are delivery/addressing.ts.
//
// The rule is part of the record, so it stands beside it: a store that counts or finds messages for a viewer,
// history, delivery and push have to answer alike, and those folders may not import each other.

/**
 * The fields of a message, a request or a delivery that narrow whom it is for within its conversation, list
 * or topic.
 */
export interface Addressing {
  /** The user it was sent by, or in whose name. */
  senderId?: string | undefined;
  /** Only these users; absent: everybody. */
  targets?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
}

/** Whether it leaves anybody out. */
export function isNarrowed({ targets, exclude }: Addressing): boolean {
  return targets !== undefined || (exclude !== undefined && exclude.length > 0);
}

/** Senders see what was sent in their name, whatever targets and exclude say: these narrow everybody else. */
export function isAddressedTo({ senderId, targets, exclude }: Addressing, userId: string): boolean {
  if (userId === senderId) return true;
  return targets?.includes(userId) !== false && exclude?.includes(userId) !== true;
}

/** `isAddressedTo` for many users. */
export function addressedTo({ senderId, targets, exclude }: Addressing): (userId: string) => boolean {
  const only = targets === undefined ? undefined : new Set(targets);
  const leftOut = new Set(exclude);
  return (userId) => userId === senderId || (only?.has(userId) !== false && !leftOut.has(userId));
}
