// The decision of a push claim, for drivers that hold the cursor in their hands. Not the write that follows.

import type { ClaimOutcome, ClaimRequest, Cursor } from '../../ports/stores/index.ts';

/**
 * An earlier claim is reported before an acknowledgement: the push it led to covers this message, whatever
 * was acknowledged since.
 */
export function decideClaim(cursor: Cursor, request: ClaimRequest): ClaimOutcome['result'] {
  const { seq, claimId, heldBackBy } = request;
  if (cursor.claim?.id === claimId) return 'won';
  if (cursor.pushed >= seq) return 'pushed';
  if (heldBackBy === 'none') return 'won';
  if (cursor.read >= seq) return 'read';
  return cursor[heldBackBy] >= seq ? 'acked' : 'won';
}
