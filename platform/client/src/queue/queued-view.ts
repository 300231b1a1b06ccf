// How what waits is shown to the application, and how large it is: pure functions of what lies in storage.
import type { QueuedMessage, StoredDraft } from '../types.ts';

export const queueFull = { code: 'queue_full', message: 'Too much waits to be sent.' };

export function viewOf({ cid, draft, queuedAt, error }: StoredDraft): QueuedMessage {
  return { cid, draft, queuedAt, state: error ? 'failed' : 'queued', ...(error && { error }) };
}

export function failedView(stored: StoredDraft, error: { code: string; message: string }): QueuedMessage {
  return { ...viewOf(stored), state: 'failed', error };
}

/** UTF-8, as in a frame. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
