// Uploads under way, each ending in a message: begun again when the connection is back, given up when told to. Which message: uploads.ts and voice-notes.ts.
import type { JsonObject, Upload } from '@belfry/protocol';
import { failureOf } from '../command-error.ts';
import { createSource, type Observable } from '../observable.ts';
import type { Belfry, CommandFailure } from '../types.ts';
import { onEachNew } from '../on-each-new.ts';
import { uploadFile } from './upload-file.ts';

export interface UploadTask {
  readonly id: string;
  readonly conversationId: string;
  readonly name: string;
  readonly bytes: number;
  readonly sentBytes: number;
  /** `waiting`: interrupted, and begun again by itself. What is done or cancelled is in the list no more. */
  readonly state: 'uploading' | 'waiting' | 'failed';
  /** With `failed`. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface NewUpload {
  conversationId: string;
  file: Blob;
  name: string;
  /** What is sent into the conversation once the file is there. */
  message(upload: Upload): { type: string; content: JsonObject };
}

export interface UploadTasks extends Observable<readonly UploadTask[]> {
  /** The task's id, which is also the cid of the message to come. */
  add: (upload: NewUpload) => string;
  /** A failed one again. */
  retry(id: string): void;
  cancel(id: string): void;
  /** Cancels them all. */
  stop(): void;
}

interface Running {
  upload: NewUpload;
  abort: AbortController;
  endWait: () => void;
}

/** After a failure with the connection still there. */
const againMs = 3000;

export function createUploadTasks(belfry: Belfry): UploadTasks {
  const { clock, random, report } = belfry.surroundings;
  const source = createSource<readonly UploadTask[]>([], report);
  const running = new Map<string, Running>();
  const endConnected = onEachNew(
    belfry,
    () => belfry.snapshot().connectionId,
    () => {
      for (const { id, state } of source.snapshot()) if (state === 'waiting') begin(id);
    },
  );

  return {
    snapshot: source.snapshot,
    subscribe: source.subscribe,
    add(upload) {
      const id = `${clock.now().toString(36)}-${random().toString(36).slice(2)}`;
      const { conversationId, file, name } = upload;
      running.set(id, { upload, abort: new AbortController(), endWait: () => undefined });
      source.set([
        ...source.snapshot(),
        { id, conversationId, name, bytes: file.size, sentBytes: 0, state: 'uploading' },
      ]);
      begin(id);
      return id;
    },
    retry(id) {
      if (find(id)?.state === 'failed') begin(id);
    },
    cancel,
    stop() {
      endConnected();
      for (const id of running.keys()) cancel(id);
    },
  };

  function cancel(id: string): void {
    const task = running.get(id);
    if (!task) return;
    running.delete(id);
    task.endWait();
    task.abort.abort(new DOMException('The upload was cancelled.', 'AbortError'));
    source.set(source.snapshot().filter((each) => each.id !== id));
  }

  function begin(id: string): void {
    const task = running.get(id);
    if (!task) return;
    task.endWait();
    change(id, { state: 'uploading', sentBytes: 0 });
    void run(id, task);
  }

  async function run(id: string, { upload, abort }: Running): Promise<void> {
    const { conversationId, file, name } = upload;
    try {
      const stored = await uploadFile(belfry, {
        file,
        name,
        signal: abort.signal,
        progress: (sentBytes) => change(id, { sentBytes: Math.min(sentBytes, file.size) }),
      });
      if (!running.delete(id)) return;
      belfry.send({ conversationId, cid: id, ...upload.message(stored) });
      source.set(source.snapshot().filter((each) => each.id !== id));
    } catch (error) {
      if (running.has(id)) failed(id, failureOf(error, report));
    }
  }

  function failed(id: string, { code, message, retry, afterMs }: CommandFailure): void {
    const task = running.get(id);
    if (retry === 'never') {
      change(id, { state: 'failed', error: { code, message } });
      return;
    }
    change(id, { state: 'waiting' });
    const isLost = code === 'connection_lost' && belfry.snapshot().status !== 'connected';
    // Without a connection there is nothing to wait for but the next one.
    if (task && !isLost) task.endWait = clock.setTimer(() => begin(id), afterMs ?? againMs);
  }

  function find(id: string): UploadTask | undefined {
    return source.snapshot().find((each) => each.id === id);
  }

  function change(id: string, changes: Partial<UploadTask>): void {
    if (!running.has(id)) return;
    source.set(
      source.snapshot().map((each) => {
        const { error: _, ...rest } = each;
        return each.id === id ? { ...rest, ...changes } : each;
      }),
    );
  }
}
