// Brings one file to the server and says how far it is: by XMLHttpRequest in browsers, which alone knows progress of sending. Trying again: upload-tasks.ts.
import type { Upload } from '@belfry/protocol';
import { createHttp } from '../http.ts';
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
  const init = { method: 'POST', body, signal };
  if (typeof XMLHttpRequest === 'undefined') return await belfry.http<Upload>('/uploads', init);
  const { url = location.origin, getToken } = belfry.options;
  const http = createHttp({
    baseUrl: new URL(url, location.origin).href.replace(/\/+$/, ''),
    fetch: (address, request) => fetchWithProgress(address as string, request ?? {}, progress),
    auth: {
      async token() {
        const text = (await getToken?.({ reason: 'http', signal })) ?? null;
        return text === null ? null : { text, userId: undefined };
      },
      // Each call asks for a token anew.
      invalidate: () => undefined,
    },
  });
  return await http<Upload>('/uploads', init);
}

/** As much of `fetch` as `http.ts` uses. */
function fetchWithProgress(
  url: string,
  { headers, body, signal }: RequestInit,
  progress: (sentBytes: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    const giveUp = (): void => sending.abort();
    sending.open('POST', url);
    for (const [name, value] of Object.entries(headers as Record<string, string>)) {
      sending.setRequestHeader(name, value);
    }
    sending.upload.onprogress = ({ loaded }) => progress(loaded);
    sending.onload = () => {
      const retryAfter = sending.getResponseHeader('retry-after');
      const { status, statusText, responseText } = sending;
      resolve(
        new Response(responseText, { status, statusText, headers: retryAfter ? { 'retry-after': retryAfter } : {} }),
      );
    };
    sending.onerror = sending.onabort = () => reject(new TypeError('The upload was interrupted.'));
    sending.onloadend = () => signal?.removeEventListener('abort', giveUp);
    signal?.addEventListener('abort', giveUp);
    sending.send(body as FormData);
    if (signal?.aborted) giveUp();
  });
}
