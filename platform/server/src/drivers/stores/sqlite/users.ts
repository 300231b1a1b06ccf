// Profiles of end users. Not their devices: devices.ts.

import type { DatabaseSync } from 'node:sqlite';
import type { UserProfile, UserStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';
import { jsonOrNull, optionalJson, optionalNumber, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

export function sqliteUsers(db: DatabaseSync): Synchronous<UserStore> {
  const select = db.prepare(
    'SELECT user_id, name, avatar, roles, last_seen_at, signed_out_at FROM users WHERE app = ? AND user_id = ?',
  );
  // max() of anything and NULL is NULL, hence the -1s below which nullif takes back.
  const merge = db.prepare(
    `INSERT INTO users (app, user_id, name, avatar, roles, last_seen_at, signed_out_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = coalesce(excluded.name, name), avatar = coalesce(excluded.avatar, avatar),
       roles = coalesce(excluded.roles, roles),
       last_seen_at = nullif(max(coalesce(last_seen_at, -1), coalesce(excluded.last_seen_at, -1)), -1),
       signed_out_at = nullif(max(coalesce(signed_out_at, -1), coalesce(excluded.signed_out_at, -1)), -1)`,
  );
  return {
    get(app, userIds) {
      const found = new Map<string, UserProfile>();
      for (const userId of userIds) {
        const row = select.get(app, userId);
        if (row !== undefined) found.set(userId, toProfile(row));
      }
      return found;
    },
    merge(app, profiles) {
      for (const { userId, name, avatar, roles, lastSeenAt, signedOutAt } of profiles) {
        merge.run(
          app,
          userId,
          name ?? null,
          avatar ?? null,
          jsonOrNull(roles),
          lastSeenAt ?? null,
          signedOutAt ?? null,
        );
      }
    },
  };
}

function toProfile(row: Row): UserProfile {
  const profile: UserProfile = { userId: text(row, 'user_id') };
  const name = optionalText(row, 'name');
  if (name !== undefined) profile.name = name;
  const avatar = optionalText(row, 'avatar');
  if (avatar !== undefined) profile.avatar = avatar;
  const roles = optionalJson<string[]>(row, 'roles');
  if (roles !== undefined) profile.roles = roles;
  const lastSeenAt = optionalNumber(row, 'last_seen_at');
  if (lastSeenAt !== undefined) profile.lastSeenAt = lastSeenAt;
  const signedOutAt = optionalNumber(row, 'signed_out_at');
  if (signedOutAt !== undefined) profile.signedOutAt = signedOutAt;
  return profile;
}
