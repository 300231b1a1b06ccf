// Who is in the list of users, and where a page of those that were found begins. Not how they are found:
// search-texts.ts.

import type { UserProfile } from '../../ports/stores/index.ts';

/** Of somebody who was erased, or never came, nothing but a sign-out may be known. */
export function isListed({ userId: _id, signedOutAt, ...known }: UserProfile): boolean {
  return signedOutAt === undefined || Object.keys(known).length > 0;
}

/** The word by which somebody was found, and who it was. */
export interface FoundPlace {
  text: string;
  userId: string;
}

export function foundPlaceOf({ text, userId }: FoundPlace): string {
  return JSON.stringify([text, userId]);
}

/** Without one, a place before all. */
export function readFoundPlace(after: string | undefined): FoundPlace {
  const [text = '', userId = ''] = after === undefined ? [] : (JSON.parse(after) as string[]);
  return { text, userId };
}
