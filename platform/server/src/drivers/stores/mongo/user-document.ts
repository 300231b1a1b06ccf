// A user as MongoDB has them. Not when it is written: users.ts.

import type { UserDetails, UserProfile } from '../../../ports/stores/index.ts';
import { declareCollection } from './declaration.ts';

export interface UserDocument {
  app: string;
  userId: string;
  /** What tokens and connections said; roles are JSON. */
  name?: string;
  avatar?: string;
  roles?: string;
  lastSeenAt?: number;
  signedOutAt?: number;
  /** JSON of what the app set, and its version; 0 where it set nothing. */
  details?: string;
  version: number;
  /** Grows with every change that may be of the name, or of whether they are listed. */
  revision: number;
  /** As user-list.ts has it. */
  isListed: boolean;
}

export const users = declareCollection<UserDocument>(
  'users',
  {
    app: String,
    userId: String,
    name: String,
    avatar: String,
    roles: String,
    lastSeenAt: Number,
    signedOutAt: Number,
    details: String,
    version: Number,
    revision: Number,
    isListed: Boolean,
  },
  [{ key: { app: 1, userId: 1 }, unique: true }, { key: { app: 1, isListed: 1, userId: 1 } }],
);

/** What is known of a user, but for what only the store needs. */
export type KnownOfUser = Omit<UserDocument, 'app' | 'revision' | 'isListed'>;

export function toProfile(document: KnownOfUser): UserProfile {
  const details = document.details === undefined ? undefined : (JSON.parse(document.details) as UserDetails);
  const name = details?.name ?? document.name;
  const avatar = details?.avatar ?? document.avatar;
  const { userId, roles, lastSeenAt, signedOutAt, version } = document;
  return {
    userId,
    ...(name !== undefined && { name }),
    ...(avatar !== undefined && { avatar }),
    ...(roles !== undefined && { roles: JSON.parse(roles) as string[] }),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
    ...(signedOutAt !== undefined && { signedOutAt }),
    ...(details !== undefined && { details: { ...details, version } }),
  };
}
