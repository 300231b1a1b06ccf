// The logs of all apps in memory: what messages, conversations and the relay have in common. Not the ports
// over them: messages.ts, outbox.ts, conversations.ts.

import { asAppId, type AppId } from '../../../ports/app-id.ts';
import type { StoredMessage } from '../../../ports/stores/index.ts';
import { firstEpoch } from '../conversation-stream.ts';
import { keyOf } from './key.ts';

export class MemoryLogs {
  /** By app and stream; each in order of seq. */
  readonly #logs = new Map<AppId, Map<string, StoredMessage[]>>();
  readonly #epochs = new Map<string, string>();

  of(app: AppId, stream: string): readonly StoredMessage[] {
    return this.#ofApp(app).get(stream) ?? [];
  }

  all(app: AppId): readonly (readonly StoredMessage[])[] {
    return [...this.#ofApp(app).values()];
  }

  apps(): AppId[] {
    return [...this.#logs.keys()].map(asAppId);
  }

  add(app: AppId, message: StoredMessage): void {
    const kept = this.of(app, message.stream);
    this.#ofApp(app).set(
      message.stream,
      [...kept, message].sort((a, b) => a.seq - b.seq),
    );
  }

  /** The message there, unless it was deleted. */
  find(app: AppId, at: { stream: string; seq: number }): StoredMessage | undefined {
    return this.of(app, at.stream).find(({ seq, deletedAt }) => seq === at.seq && deletedAt === undefined);
  }

  /** Takes away what `isGone` says yes to. */
  sweep(app: AppId, isGone: (message: StoredMessage) => boolean): void {
    for (const [stream, kept] of this.#ofApp(app)) {
      this.#ofApp(app).set(
        stream,
        kept.filter((message) => !isGone(message)),
      );
    }
  }

  drop(app: AppId, stream: string): void {
    this.#ofApp(app).delete(stream);
  }

  epochOf(app: AppId, stream: string): string {
    return this.#epochs.get(keyOf(app, stream)) ?? firstEpoch;
  }

  /** Whether the stream has been given an epoch. */
  hasEpoch(app: AppId, stream: string): boolean {
    return this.#epochs.has(keyOf(app, stream));
  }

  setEpoch(app: AppId, stream: string, epoch: string): void {
    this.#epochs.set(keyOf(app, stream), epoch);
  }

  #ofApp(app: AppId): Map<string, StoredMessage[]> {
    const found = this.#logs.get(app) ?? new Map<string, StoredMessage[]>();
    this.#logs.set(app, found);
    return found;
  }
}
