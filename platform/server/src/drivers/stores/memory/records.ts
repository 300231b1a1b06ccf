// Journeys and idempotency answers in memory. Not their meaning.

import { inboxStream } from '@belfry/protocol';
import type { IdempotencyStore, JourneyRow, JourneyStore } from '../../../ports/stores/index.ts';
import { isKeyOf, renameUser, saysUser } from '../erase-user.ts';
import type { Synchronous } from '../synchronous.ts';

export function memoryJourneys(): Synchronous<JourneyStore> {
  const apps = new Map<string, JourneyRow[]>();
  return {
    append: (app, rows) => void apps.set(app, [...(apps.get(app) ?? []), ...rows]),
    read(app, about) {
      const covers = ({ messageId, range }: JourneyRow): boolean =>
        messageId === about.messageId ||
        about.at.some(({ stream, seq }) => range?.stream === stream && range.from <= seq && seq <= range.to);
      return (apps.get(app) ?? []).filter(covers).sort((a, b) => a.at - b.at);
    },
    prune(app, beforeMs, limit) {
      const rows = apps.get(app) ?? [];
      const old = rows.filter(({ at }) => at < beforeMs).sort((a, b) => a.at - b.at);
      const gone = new Set(old.slice(0, limit));
      apps.set(
        app,
        rows.filter((row) => !gone.has(row)),
      );
      return gone.size;
    },
    erase(app, person) {
      const rows = apps.get(app) ?? [];
      const renamed = rows.map((row): JourneyRow => {
        const range =
          row.range?.stream === inboxStream(person.userId)
            ? { ...row.range, stream: inboxStream(person.as) }
            : row.range;
        const body = JSON.stringify(renameUser(JSON.parse(row.body), person));
        return range === row.range && body === row.body ? row : { ...row, ...(range && { range }), body };
      });
      apps.set(app, renamed);
      return { erased: renamed.filter((row, at) => row !== rows[at]).length };
    },
  };
}

interface Begun {
  bodyHash: string;
  token: string;
  beganAt: number;
  forgetAt: number;
  answer?: { value: unknown };
}

export function memoryIdempotency(): Synchronous<IdempotencyStore> {
  /** By app, then by key. */
  const apps = new Map<string, Map<string, Begun>>();
  const of = (app: string): Map<string, Begun> => {
    const found = apps.get(app) ?? new Map<string, Begun>();
    apps.set(app, found);
    return found;
  };
  return {
    begin(app, { key, bodyHash, token, nowMs, leaseMs, keepMs }) {
      const before = of(app).get(key);
      if (before === undefined || before.forgetAt <= nowMs) {
        of(app).set(key, { bodyHash, token, beganAt: nowMs, forgetAt: nowMs + keepMs });
        return { state: 'mine', token };
      }
      if (before.bodyHash !== bodyHash) return { state: 'other_body' };
      if (before.answer !== undefined) return { state: 'done', answer: before.answer.value };
      // One that began in the future did so before the wall clock was set back.
      if (Math.abs(nowMs - before.beganAt) < leaseMs) return { state: 'in_progress' };
      before.beganAt = nowMs;
      return { state: 'mine', token: before.token };
    },
    finish(app, key, answer) {
      const begun = of(app).get(key);
      if (begun !== undefined) begun.answer = { value: answer };
    },
    abandon(app, key) {
      if (of(app).get(key)?.answer === undefined) of(app).delete(key);
    },
    prune(app, nowMs) {
      const old = [...of(app)].filter(([, { forgetAt }]) => forgetAt <= nowMs);
      for (const [key] of old) of(app).delete(key);
      return old.length;
    },
    erase(app, { userId }) {
      const own = [...of(app)].filter(
        ([key, { answer }]) =>
          isKeyOf(key, userId) || (answer !== undefined && saysUser(JSON.stringify(answer.value ?? null), userId)),
      );
      for (const [key] of own) of(app).delete(key);
      return { erased: own.length };
    },
  };
}
