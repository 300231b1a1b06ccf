// An upload as MongoDB has it. Not when it is written (uploads.ts), nor which messages use it:
// upload-uses.ts.

import type { UploadRecord } from '../../../ports/stores/index.ts';
import { declareCollection } from './declaration.ts';

export type UploadState = 'arriving' | 'there' | 'going';

export interface UploadDocument extends UploadRecord {
  app: string;
  state: UploadState;
  /** Of what is counted in the totals; empty for all else. */
  digest: string;
  /** New with each use, and with each doubt. */
  touchId: string;
  /** Since when it may have lost its last use, while somebody looks. */
  doubtSince?: number;
}

export const uploads = declareCollection<UploadDocument>(
  'uploads',
  {
    app: String,
    id: String,
    userId: String,
    state: String,
    name: String,
    type: String,
    bytes: Number,
    digest: String,
    createdAt: Number,
    unusedSince: Number,
    touchId: String,
    doubtSince: Number,
  },
  [
    { key: { app: 1, id: 1 }, unique: true },
    { key: { app: 1, state: 1, unusedSince: 1 } },
    { key: { app: 1, userId: 1, state: 1, unusedSince: 1 } },
    { key: { app: 1, doubtSince: 1 }, partialFilterExpression: { doubtSince: { $exists: true } } },
  ],
);

export function toUpload(document: UploadDocument): UploadRecord {
  const { id, userId, name, type, bytes, digest, createdAt, unusedSince } = document;
  return {
    ...{ id, userId, name, type, bytes, digest, createdAt },
    ...(unusedSince !== undefined && { unusedSince }),
  };
}
