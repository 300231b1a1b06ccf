// The rules for uploads of an app: whether, of which types, how much. Its own settings within the
// installation's limits.

import type { UploadSettings } from '../ports/stores/index.ts';

export interface UploadLimits {
  uploadBytes: number;
  uploadQuotaBytes: number;
  uploadUnusedMs: number;
  unusedUploadsPerUser: number;
}

export interface UploadRules {
  enabled: boolean;
  /** Of one file. */
  maxBytes: number;
  /** `image/png`, `image/*` or `*`. */
  types: readonly string[];
  /** Of all that the app keeps. */
  quotaBytes: number;
  /** How long an upload is kept that no message uses. */
  unusedKeepMs: number;
  /** Uploads of one user that no message uses. */
  unusedPerUser: number;
}

/** Pictures, sound, video, documents, text and archives. No HTML and no SVG: they are programs. */
export const defaultTypes: readonly string[] = [
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/heic', 'image/bmp', 'image/tiff'],
  ...['audio/*', 'video/mp4', 'video/quicktime', 'video/webm', 'video/3gpp'],
  ...['application/pdf', 'application/rtf', 'application/msword', 'application/vnd.ms-excel'],
  ...['application/vnd.ms-powerpoint', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
  ...['text/plain', 'text/csv', 'text/markdown', 'text/calendar', 'text/vcard', 'application/json'],
  ...['application/zip', 'application/gzip', 'application/x-7z-compressed', 'application/x-rar-compressed'],
];

/** An app may take smaller files than the installation, not larger ones. */
export function rulesOf(settings: UploadSettings = {}, limits: UploadLimits): UploadRules {
  const { enabled = true, maxBytes = limits.uploadBytes, types = defaultTypes } = settings;
  const { quotaBytes = limits.uploadQuotaBytes, unusedKeepMs = limits.uploadUnusedMs } = settings;
  const { unusedUploadsPerUser: unusedPerUser } = limits;
  return { enabled, maxBytes: Math.min(maxBytes, limits.uploadBytes), types, quotaBytes, unusedKeepMs, unusedPerUser };
}

/** Whether a type is one of these; `image/*` is every image, `*` everything. */
export function isOneOf(type: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === '*/*' ||
      pattern === type ||
      (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
  );
}
