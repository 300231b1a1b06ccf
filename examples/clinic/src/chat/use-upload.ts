// The server's record of an uploaded file, with a link that is good for some minutes.
import { useBelfry } from '@belfry/client/react';
import type { Upload } from '@belfry/protocol';
import { useCallback, useEffect, useState } from 'react';

export interface UploadState {
  upload: Upload | undefined;
  isGone: boolean;
  /**
   * For a link that no longer works. Once per link: a file that cannot be shown at all must not be requested
   * again and again.
   */
  askAgain: () => void;
}

export function useUpload(uploadId: string): UploadState {
  const belfry = useBelfry();
  const [upload, setUpload] = useState<Upload>();
  const [isGone, setGone] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    belfry
      .http<Upload>(`/uploads/${encodeURIComponent(uploadId)}`, { signal: abort.signal })
      .then(setUpload, (error: unknown) => {
        if (!abort.signal.aborted) setGone(isNotFound(error));
      });
    return () => abort.abort();
  }, [belfry, uploadId, round]);

  const expiresAt = upload === undefined ? Infinity : Date.parse(upload.expiresAt);
  const askAgain = useCallback(() => {
    if (expiresAt <= Date.now()) setRound((before) => before + 1);
  }, [expiresAt]);
  return { upload, isGone, askAgain };
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'not_found';
}
