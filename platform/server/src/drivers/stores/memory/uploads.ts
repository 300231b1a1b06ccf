// Rows about uploads in memory. Not their content: drivers/blobs.

import type { UploadRecord, UploadStore } from '../../../ports/stores/index.ts';
import type { Synchronous } from '../synchronous.ts';

interface Entry {
  record: UploadRecord;
  state: 'arriving' | 'there' | 'going';
}

interface Use {
  uploadId: string;
  messageId: string;
  stream: string;
  at: number;
}

interface OfApp {
  entries: Map<string, Entry>;
  uses: Use[];
}

export function memoryUploads(): Synchronous<UploadStore> {
  const apps = new Map<string, OfApp>();
  const of = (app: string): OfApp => {
    const found = apps.get(app) ?? { entries: new Map<string, Entry>(), uses: [] };
    apps.set(app, found);
    return found;
  };
  const there = (app: string, id: string): UploadRecord | undefined => {
    const entry = of(app).entries.get(id);
    return entry?.state === 'there' ? entry.record : undefined;
  };
  const usageOf = (app: string): { count: number; bytes: number } => {
    const counted = [...of(app).entries.values()].filter(({ record }) => record.digest !== '');
    return { count: counted.length, bytes: counted.reduce((sum, { record }) => sum + record.bytes, 0) };
  };
  const release = (app: string, id: string, nowMs: number): void => {
    const record = there(app, id);
    const isUsed = of(app).uses.some(({ uploadId }) => uploadId === id);
    if (record !== undefined && !isUsed) record.unusedSince ??= nowMs;
  };
  const claim = (app: string, id: string): void => {
    const entry = of(app).entries.get(id);
    if (entry === undefined) return;
    entry.state = 'going';
    entry.record.unusedSince ??= 0;
    of(app).uses = of(app).uses.filter(({ uploadId }) => uploadId !== id);
  };

  return {
    begin(app, { id, createdAt }) {
      const record = { id, userId: '', name: '', type: '', bytes: 0, digest: '', createdAt, unusedSince: createdAt };
      of(app).entries.set(id, { record, state: 'arriving' });
    },
    complete(app, id, { quotaBytes, ...arrived }) {
      const entry = of(app).entries.get(id);
      if (entry?.state !== 'arriving') return 'gone';
      if (usageOf(app).bytes + arrived.bytes > quotaBytes) return 'quota';
      Object.assign(entry.record, arrived);
      entry.state = 'there';
      return 'stored';
    },
    get: (app, id) => there(app, id),
    usage: (app) => usageOf(app),
    streams(app, id, userId) {
      const found = of(app).uses.filter(({ uploadId, stream }) => uploadId === id && isFor(stream, userId));
      return [...new Set(found.map(({ stream }) => stream))];
    },
    setUses(app, messageId, { uploadIds, streams, at }) {
      if (!uploadIds.every((id) => there(app, id) !== undefined)) return false;
      const before = of(app).uses.filter((use) => use.messageId === messageId);
      const kept = of(app).uses.filter((use) => use.messageId !== messageId);
      of(app).uses = [
        ...kept,
        ...uploadIds.flatMap((uploadId) => streams.map((stream) => ({ uploadId, messageId, stream, at }))),
      ];
      for (const id of uploadIds) delete there(app, id)?.unusedSince;
      for (const id of [...before.map(({ uploadId }) => uploadId), ...uploadIds]) release(app, id, at);
      return true;
    },
    dropUses(app, { beforeMs, nowMs, limit }) {
      const old = of(app).uses.filter(({ at }) => at < beforeMs);
      const gone = new Set(old.sort((a, b) => a.at - b.at).slice(0, limit));
      of(app).uses = of(app).uses.filter((use) => !gone.has(use));
      for (const { uploadId } of gone) release(app, uploadId, nowMs);
      return gone.size;
    },
    claim(app, id, { evenIfUsed }) {
      const record = there(app, id);
      if (record === undefined) return 'missing';
      if (record.unusedSince === undefined && !evenIfUsed) return 'used';
      claim(app, id);
      return 'claimed';
    },
    claimIdle(app, { arrivingBeforeMs, unusedBeforeMs, limit }) {
      const before = { arriving: arrivingBeforeMs, there: unusedBeforeMs, going: Infinity };
      const idle = [...of(app).entries.values()]
        .filter(({ record, state }) => (record.unusedSince ?? Infinity) < before[state])
        .sort((a, b) => (a.record.unusedSince ?? 0) - (b.record.unusedSince ?? 0))
        .slice(0, limit);
      for (const { record } of idle) claim(app, record.id);
      return idle.map(({ record }) => record.id);
    },
    forget(app, ids) {
      for (const id of ids) of(app).entries.delete(id);
      of(app).uses = of(app).uses.filter(({ uploadId }) => !ids.includes(uploadId));
    },
  };
}

function isFor(stream: string, userId: string): boolean {
  return stream.startsWith('c:') || stream === `i:${userId}`;
}
