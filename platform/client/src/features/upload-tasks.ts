// Uploads under way, each ending in a message: begun again when the connection is back, given up when asked
// to. Which message: uploads.ts and voice-notes.ts.
import type { JsonObject, Upload } from '@belfry/protocol';
import { failureOf } from '../http.ts';
import { createSource, type Observable, type Source } from '../observable.ts';
import type { Belfry, CommandFailure, Unsubscribe } from '../types.ts';
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
  /** The message that is sent into the conversation once the file is there. */
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

export function createUploadTasks(belfry: Belfry): UploadTasks {
  return new RunningUploads(belfry);
}

interface Running {
  upload: NewUpload;
  abort: AbortController;
  endWait: () => void;
}

/** After a failure with the connection still there. */
const againMs = 3000;

/** Functions that an application calls are properties, so that they can be taken out of the object. */
class RunningUploads implements UploadTasks {
  readonly #belfry: Belfry;
  readonly #source: Source<readonly UploadTask[]>;
  readonly #running = new Map<string, Running>();
  readonly #endConnected: Unsubscribe;

  constructor(belfry: Belfry) {
    this.#belfry = belfry;
    this.#source = createSource<readonly UploadTask[]>([], belfry.surroundings.report);
    this.#endConnected = onEachNew(
      belfry,
      () => belfry.snapshot().connectionId,
      () => {
        for (const { id, state } of this.snapshot()) if (state === 'waiting') this.#begin(id);
      },
    );
  }

  readonly snapshot = (): readonly UploadTask[] => this.#source.snapshot();

  readonly subscribe = (listener: () => void): Unsubscribe => this.#source.subscribe(listener);

  readonly add = (upload: NewUpload): string => {
    const { clock, random } = this.#belfry.surroundings;
    const id = `${clock.now().toString(36)}-${random().toString(36).slice(2)}`;
    const { conversationId, file, name } = upload;
    this.#running.set(id, { upload, abort: new AbortController(), endWait: () => undefined });
    const task = { id, conversationId, name, bytes: file.size, sentBytes: 0, state: 'uploading' } as const;
    this.#source.set([...this.snapshot(), task]);
    this.#begin(id);
    return id;
  };

  readonly retry = (id: string): void => {
    if (this.snapshot().find((each) => each.id === id)?.state === 'failed') this.#begin(id);
  };

  readonly cancel = (id: string): void => {
    const task = this.#running.get(id);
    if (!task) return;
    this.#running.delete(id);
    task.endWait();
    task.abort.abort(new DOMException('The upload was cancelled.', 'AbortError'));
    this.#remove(id);
  };

  readonly stop = (): void => {
    this.#endConnected();
    for (const id of this.#running.keys()) this.cancel(id);
  };

  #begin(id: string): void {
    const task = this.#running.get(id);
    if (!task) return;
    task.endWait();
    this.#change(id, { state: 'uploading', sentBytes: 0 });
    void this.#run(id, task);
  }

  async #run(id: string, { upload, abort }: Running): Promise<void> {
    const belfry = this.#belfry;
    const { conversationId, file, name } = upload;
    try {
      const stored = await uploadFile(belfry, {
        file,
        name,
        signal: abort.signal,
        progress: (sentBytes) => this.#change(id, { sentBytes: Math.min(sentBytes, file.size) }),
      });
      if (!this.#running.delete(id)) return;
      belfry.send({ conversationId, cid: id, ...upload.message(stored) });
      this.#remove(id);
    } catch (error) {
      if (this.#running.has(id)) this.#failed(id, failureOf(error, belfry.surroundings.report));
    }
  }

  #failed(id: string, { code, message, retry, afterMs }: CommandFailure): void {
    const task = this.#running.get(id);
    if (retry === 'never') {
      this.#change(id, { state: 'failed', error: { code, message } });
      return;
    }
    this.#change(id, { state: 'waiting' });
    const isLost = code === 'connection_lost' && this.#belfry.snapshot().status !== 'connected';
    // Without a connection there is nothing to wait for but the next one.
    if (!task || isLost) return;
    task.endWait = this.#belfry.surroundings.clock.setTimer(() => this.#begin(id), afterMs ?? againMs);
  }

  #change(id: string, changes: Partial<UploadTask>): void {
    if (!this.#running.has(id)) return;
    const change = ({ error: _, ...task }: UploadTask): UploadTask => ({ ...task, ...changes });
    this.#source.set(this.snapshot().map((each) => (each.id === id ? change(each) : each)));
  }

  #remove(id: string): void {
    this.#source.set(this.snapshot().filter((each) => each.id !== id));
  }
}
