// The pushes that the pretend phones of the playground were shown, as the `logging` provider logged them.
// Makes no push and changes none.

import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { Clock } from '../../../ports/clock.ts';

export interface ShownPush {
  /** Grows; no two pushes of a phone have the same. */
  number: number;
  at: string;
  title: string;
  body: string;
  count: number;
  collapseKey: string;
  priority: string;
  data: Record<string, unknown>;
  /** Taken away again, since what it was about was read elsewhere. */
  cleared: boolean;
}

export interface ShownPushes {
  /** Reads a line of the server's log. */
  record(msg: string, fields: Readonly<Record<string, unknown>>): void;
  /** Of one phone, oldest first. A phone is listened to from the first time it is asked about. */
  of(app: string, deviceId: string): readonly ShownPush[];
}

/** Phones that are listened to; the one least recently asked about or pushed to is forgotten. */
const maxPhones = 100;
const pushesPerPhone = 20;

const shownSchema = z.object({
  app: z.string(),
  deviceId: z.string(),
  title: z.string(),
  body: z.string(),
  count: z.number(),
  collapseKey: z.string(),
  priority: z.string(),
  data: z.record(z.string(), z.unknown()),
});
const clearedSchema = shownSchema.pick({ app: true, deviceId: true, collapseKey: true });

export function createShownPushes(clock: Pick<Clock, 'now'>): ShownPushes {
  const phones = new LRUCache<string, readonly ShownPush[]>({ max: maxPhones });
  let number = 0;

  function show(fields: unknown): void {
    // Of another provider there is nothing to read here: it says what became of a push, not what was in it.
    const parsed = shownSchema.safeParse(fields);
    if (!parsed.success) return;
    const { app, deviceId, ...shown } = parsed.data;
    const before = phones.peek(keyOf(app, deviceId));
    if (before === undefined) return;
    number += 1;
    const push = { number, at: new Date(clock.now()).toISOString(), ...shown, cleared: false };
    phones.set(keyOf(app, deviceId), [...before, push].slice(-pushesPerPhone));
  }

  function clear(fields: unknown): void {
    const parsed = clearedSchema.safeParse(fields);
    if (!parsed.success) return;
    const key = keyOf(parsed.data.app, parsed.data.deviceId);
    const before = phones.peek(key);
    if (before === undefined) return;
    phones.set(
      key,
      before.map((push) => (push.collapseKey === parsed.data.collapseKey ? { ...push, cleared: true } : push)),
    );
  }

  return {
    record(msg, fields) {
      if (msg === 'push') show(fields);
      else if (msg === 'push cleared') clear(fields);
    },
    of(app, deviceId) {
      const key = keyOf(app, deviceId);
      const known = phones.get(key);
      if (known !== undefined) return known;
      phones.set(key, []);
      return [];
    },
  };
}

function keyOf(app: string, deviceId: string): string {
  return `${app} ${deviceId}`;
}
