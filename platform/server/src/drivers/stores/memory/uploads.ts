// Rows about uploads in memory. Not their content: drivers/blobs.

import { inboxStream } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type {
  ArrivedUpload,
  UploadBounds,
  Erased,
  EraseRequest,
  UploadRecord,
  UploadStore,
  UploadUses,
} from '../../../ports/stores/index.ts';
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

export class MemoryUploads implements Synchronous<UploadStore> {
  readonly #apps = new Map<AppId, OfApp>();

  begin(app: AppId, { id, createdAt }: { id: string; createdAt: number }): void {
    const record = { id, userId: '', name: '', type: '', bytes: 0, digest: '', createdAt, unusedSince: createdAt };
    this.#of(app).entries.set(id, { record, state: 'arriving' });
  }

  complete(
    app: AppId,
    id: string,
    { quotaBytes, unusedPerUser, ...arrived }: ArrivedUpload & UploadBounds,
  ): 'stored' | 'quota' | 'unused' | 'gone' {
    const entry = this.#of(app).entries.get(id);
    if (entry?.state !== 'arriving') return 'gone';
    if (this.usage(app).bytes + arrived.bytes > quotaBytes) return 'quota';
    const unused = [...this.#of(app).entries.values()].filter(
      ({ record, state }) => state === 'there' && record.userId === arrived.userId && record.unusedSince !== undefined,
    );
    if (unused.length >= unusedPerUser) return 'unused';
    Object.assign(entry.record, arrived);
    entry.state = 'there';
    return 'stored';
  }

  get(app: AppId, id: string): UploadRecord | undefined {
    const entry = this.#of(app).entries.get(id);
    return entry?.state === 'there' ? entry.record : undefined;
  }

  usage(app: AppId): { count: number; bytes: number } {
    const counted = [...this.#of(app).entries.values()].filter(({ record }) => record.digest !== '');
    return { count: counted.length, bytes: counted.reduce((sum, { record }) => sum + record.bytes, 0) };
  }

  streams(app: AppId, id: string, userId: string): string[] {
    const found = this.#of(app).uses.filter(({ uploadId, stream }) => uploadId === id && isFor(stream, userId));
    return [...new Set(found.map(({ stream }) => stream))];
  }

  setUses(app: AppId, messageId: string, { uploadIds, streams, at }: UploadUses): boolean {
    if (!uploadIds.every((id) => this.get(app, id) !== undefined)) return false;
    const of = this.#of(app);
    const before = of.uses.filter((use) => use.messageId === messageId);
    of.uses = [
      ...of.uses.filter((use) => use.messageId !== messageId),
      ...uploadIds.flatMap((uploadId) => streams.map((stream) => ({ uploadId, messageId, stream, at }))),
    ];
    for (const id of uploadIds) delete this.get(app, id)?.unusedSince;
    for (const id of [...before.map(({ uploadId }) => uploadId), ...uploadIds]) this.#release(app, id, at);
    return true;
  }

  dropUses(app: AppId, { beforeMs, nowMs, limit }: { beforeMs: number; nowMs: number; limit: number }): number {
    const of = this.#of(app);
    const old = of.uses.filter(({ at }) => at < beforeMs);
    const gone = new Set(old.sort((a, b) => a.at - b.at).slice(0, limit));
    of.uses = of.uses.filter((use) => !gone.has(use));
    for (const { uploadId } of gone) this.#release(app, uploadId, nowMs);
    return gone.size;
  }

  claim(app: AppId, id: string, { evenIfUsed }: { evenIfUsed: boolean }): 'claimed' | 'used' | 'missing' {
    const record = this.get(app, id);
    if (record === undefined) return 'missing';
    if (record.unusedSince === undefined && !evenIfUsed) return 'used';
    this.#take(app, id);
    return 'claimed';
  }

  claimIdle(
    app: AppId,
    { arrivingBeforeMs, unusedBeforeMs, limit }: { arrivingBeforeMs: number; unusedBeforeMs: number; limit: number },
  ): string[] {
    const before = { arriving: arrivingBeforeMs, there: unusedBeforeMs, going: Infinity };
    const idle = [...this.#of(app).entries.values()]
      .filter(({ record, state }) => (record.unusedSince ?? Infinity) < before[state])
      .sort((a, b) => (a.record.unusedSince ?? 0) - (b.record.unusedSince ?? 0))
      .slice(0, limit);
    for (const { record } of idle) this.#take(app, record.id);
    return idle.map(({ record }) => record.id);
  }

  forget(app: AppId, ids: readonly string[]): void {
    const of = this.#of(app);
    for (const id of ids) of.entries.delete(id);
    of.uses = of.uses.filter(({ uploadId }) => !ids.includes(uploadId));
  }

  erase(app: AppId, { userId, as, keepUsed }: EraseRequest & { keepUsed: boolean }): Erased & { claimed: string[] } {
    const of = this.#of(app);
    const own = [...of.entries.values()].map(({ record }) => record).filter((record) => record.userId === userId);
    const claimed = own.filter(({ unusedSince }) => !keepUsed || unusedSince !== undefined).map(({ id }) => id);
    for (const id of claimed) this.#take(app, id);
    const touched = new Set(own.map(({ id }) => id));
    for (const record of own) if (!claimed.includes(record.id)) record.userId = as;
    for (const use of of.uses.filter(({ stream }) => stream === inboxStream(userId))) {
      use.stream = inboxStream(as);
      touched.add(use.uploadId);
    }
    return { erased: touched.size, claimed };
  }

  #of(app: AppId): OfApp {
    const found = this.#apps.get(app) ?? { entries: new Map<string, Entry>(), uses: [] };
    this.#apps.set(app, found);
    return found;
  }

  /** It is unused from now on when no message uses it any more. */
  #release(app: AppId, id: string, nowMs: number): void {
    const record = this.get(app, id);
    const isUsed = this.#of(app).uses.some(({ uploadId }) => uploadId === id);
    if (record !== undefined && !isUsed) record.unusedSince ??= nowMs;
  }

  #take(app: AppId, id: string): void {
    const of = this.#of(app);
    const entry = of.entries.get(id);
    if (entry === undefined) return;
    entry.state = 'going';
    entry.record.unusedSince ??= 0;
    of.uses = of.uses.filter(({ uploadId }) => uploadId !== id);
  }
}

function isFor(stream: string, userId: string): boolean {
  return stream.startsWith('c:') || stream === inboxStream(userId);
}
