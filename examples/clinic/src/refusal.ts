// Why the server refused a file or a message, in words for people. The codes are Belfry's: docs/errors.md.
import type { Texts } from './texts.ts';

interface Refused {
  readonly code: string;
  /** In English; for codes that the clinic has no words of its own for. */
  readonly message: string;
}

/** Those of a file, where the same code means more. */
export function reasonOfFile(error: Refused | undefined, texts: Texts): string | undefined {
  if (error === undefined) return undefined;
  return new Map(Object.entries(texts.refusals.file)).get(error.code) ?? reasonOf(error, texts);
}

export function reasonOf(error: Refused | undefined, texts: Texts): string | undefined {
  if (error === undefined) return undefined;
  return new Map(Object.entries(texts.refusals.any)).get(error.code) ?? texts.refusals.other(error.message);
}

const forGood: ReadonlySet<string> = new Set(['too_large', 'unsupported_media_type', 'forbidden', 'feature_disabled']);

/** The same file would be refused again. */
export function isForGood(error: Refused | undefined): boolean {
  return error !== undefined && forGood.has(error.code);
}
