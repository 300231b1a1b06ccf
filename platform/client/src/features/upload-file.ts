// Brings one file to the server and says how far it is: by XMLHttpRequest in browsers, which alone knows
// progress of sending. Trying again: upload-tasks.ts.
import type { Upload } from '@belfry/protocol';
import type { Belfry } from '../types.ts';

export interface UploadRequest {
  file: Blob;
  name: string;
  signal: AbortSignal;
  /** Bytes of the whole request, which is a little more than the file. Never called outside of browsers. */
  progress: (sentBytes: number) => void;
}

/** Rejects with a `CommandError`; with the signal's reason when it was given up. */
export async function uploadFile(belfry: Belfry, { file, name, signal, progress }: UploadRequest): Promise<Upload> {
  const body = new FormData();
  body.append('file', file, name);
  return await belfry.http('/uploads', {
    body,
    signal,
    ...(typeof XMLHttpRequest !== 'undefined' && { fetch: fetchWithProgress(progress) }),
  });
}

/** As much of `fetch` as a form with one answer in text needs. */
function fetchWithProgress(progress: (sentBytes: number) => void): typeof fetch {
  return (url, { headers, body, signal } = {}) =>
    new Promise((resolve, reject) => {
      const sending = new XMLHttpRequest();
      const giveUp = (): void => sending.abort();
      sending.open('POST', url as string);
      for (const [name, value] of Object.entries(headers as Record<string, string>)) {
        sending.setRequestHeader(name, value);
      }
      sending.upload.onprogress = ({ loaded }) => progress(loaded);
      sending.onload = () => {
        const retryAfter = sending.getResponseHeader('retry-after');
        const { status, statusText, responseText } = sending;
        const answered = { status, statusText, headers: retryAfter ? { 'retry-after': retryAfter } : {} };
        resolve(new Response(responseText, answered));
      };
      sending.onerror = sending.onabort = () => reject(new TypeError('The upload was interrupted.'));
      sending.onloadend = () => signal?.removeEventListener('abort', giveUp);
      signal?.addEventListener('abort', giveUp);
      sending.send(body as FormData);
      if (signal?.aborted) giveUp();
    });
}
