// Registered push targets. Not whether a target still works: the provider says so.

import type { DeviceType } from '@belfry/protocol';
import type { DatabaseSync } from 'node:sqlite';
import type { Device, DeviceStore, ShownPush } from '../../../ports/stores/index.ts';
import { rememberShown } from '../remember-shown.ts';
import type { Synchronous } from '../synchronous.ts';
import { json, number, optionalText, text } from './row.ts';
import type { Row } from './row.ts';

const written = 'id, user_id, provider, target, target_hash, device_type, locale, time_zone, created_at, updated_at';
const columns = `${written}, shown`;

export function sqliteDevices(db: DatabaseSync): Synchronous<DeviceStore> {
  const upsert = db.prepare(
    `INSERT INTO devices (app, ${written}) VALUES (?${', ?'.repeat(10)})
     ON CONFLICT (app, target_hash) DO UPDATE SET user_id = excluded.user_id, provider = excluded.provider,
       target = excluded.target, device_type = excluded.device_type, locale = excluded.locale,
       time_zone = excluded.time_zone, updated_at = excluded.updated_at,
       shown = CASE WHEN devices.user_id = excluded.user_id THEN devices.shown END
     RETURNING ${columns}`,
  );
  const retarget = db.prepare(
    `UPDATE OR IGNORE devices SET target = ?, target_hash = ?, updated_at = ? WHERE app = ? AND id = ? RETURNING ${columns}`,
  );
  const remember = db.prepare('UPDATE devices SET shown = ? WHERE app = ? AND id = ?');
  const select = db.prepare(`SELECT ${columns} FROM devices WHERE app = ? AND id = ?`);
  const ofTarget = db.prepare(`SELECT ${columns} FROM devices WHERE app = ? AND target_hash = ?`);
  const ofUser = db.prepare(`SELECT ${columns} FROM devices WHERE app = ? AND user_id = ? ORDER BY created_at, id`);
  const remove = db.prepare('DELETE FROM devices WHERE app = ? AND id = ?');
  return {
    register(app, device, { keepsOwner = false } = {}) {
      const before = ofTarget.get(app, device.targetHash);
      const formerUserId = before === undefined ? device.userId : text(before, 'user_id');
      if (keepsOwner && before !== undefined && formerUserId !== device.userId) return toDevice(before);
      const row = upsert.get(
        app,
        device.id,
        device.userId,
        device.provider,
        JSON.stringify(device.target),
        device.targetHash,
        device.deviceType,
        device.locale ?? null,
        device.timeZone ?? null,
        device.createdAt,
        device.updatedAt,
      );
      const stored = toDevice(row ?? {});
      return formerUserId === device.userId ? stored : { ...stored, formerUserId };
    },
    retarget(app, deviceId, { target, targetHash, updatedAt }) {
      const row = retarget.get(JSON.stringify(target), targetHash, updatedAt, app, deviceId);
      return row === undefined ? undefined : toDevice(row);
    },
    remember(app, deviceId, shown) {
      const row = select.get(app, deviceId);
      if (row === undefined) return;
      const now = rememberShown(toDevice(row).shown, shown);
      remember.run(now.length === 0 ? null : JSON.stringify(now), app, deviceId);
    },
    get(app, deviceId) {
      const row = select.get(app, deviceId);
      return row === undefined ? undefined : toDevice(row);
    },
    ofUsers(app, userIds) {
      const found = new Map<string, readonly Device[]>();
      for (const userId of userIds) {
        const devices = ofUser.all(app, userId).map(toDevice);
        if (devices.length > 0) found.set(userId, devices);
      }
      return found;
    },
    remove: (app, deviceId) => remove.run(app, deviceId).changes > 0,
  };
}

function toDevice(row: Row): Device {
  const device: Device = {
    id: text(row, 'id'),
    userId: text(row, 'user_id'),
    provider: text(row, 'provider'),
    target: json(row, 'target'),
    targetHash: text(row, 'target_hash'),
    // Written from a Device, so it is one of the types.
    deviceType: text(row, 'device_type') as DeviceType,
    createdAt: number(row, 'created_at'),
    updatedAt: number(row, 'updated_at'),
  };
  const locale = optionalText(row, 'locale');
  if (locale !== undefined) device.locale = locale;
  const timeZone = optionalText(row, 'time_zone');
  if (timeZone !== undefined) device.timeZone = timeZone;
  const shown = optionalText(row, 'shown');
  if (shown !== undefined) device.shown = JSON.parse(shown) as ShownPush[];
  return device;
}
