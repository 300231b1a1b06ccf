// Finds out what a file is while it arrives, and refuses one that is not what its name or its declared type
// says. Nothing in it is unpacked.

import { BelfryError } from '@belfry/protocol';
import { fileTypeFromBuffer } from 'file-type';
import { fileTypes, otherNames, typesOfExtension } from './file-types.ts';
import { extensionOf } from './file-name.ts';
import { isOneOf } from './rules.ts';

/** The type that a file claims. */
export interface FileClaim {
  /** Cleaned. */
  name: string;
  /**
   * As its part of the form says; clients that know nothing better say `application/octet-stream`, and forms
   * without a word mean `text/plain`.
   */
  declared: string | undefined;
}

export interface ContentCheck {
  /**
   * To be given every chunk, in order; gives them on once the first part has been checked, so that nothing of
   * a refused file is stored for nothing. Throws `unsupported_media_type`.
   */
  watch(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  /** Known when all has been watched. */
  type(): string;
}

/** Enough for the first entries of any office document; the library wants 4,100. */
const headBytes = 65_536;

/** Text may begin like these by chance: they are recognized by two letters. */
const weaklyRecognized: ReadonlySet<string> = new Set([
  'image/bmp',
  'application/x-msdownload',
  'application/postscript',
]);
/** Formats of text that the library knows. */
const textual: ReadonlySet<string> = new Set(['application/xml', 'text/vcard', 'text/calendar', 'text/vtt']);

const notWhatItSays = 'The content is not what the name or the type of the file says.';

/**
 * Throws `unsupported_media_type` at once where the name and the declared type already say that the app does
 * not take it.
 */
export function createContentCheck({ name, declared }: FileClaim, allowed: readonly string[]): ContentCheck {
  const claims = claimsOf(name, declared);
  if (claims.length > 0 && !claims.some((type) => isOneOf(type, allowed))) throw notTaken(claims[0]);
  let found: string | undefined;

  return {
    async *watch(source) {
      const text = createTextWatch();
      const held: Uint8Array[] = [];
      let heldBytes = 0;
      for await (const chunk of source) {
        text.take(chunk);
        if (found === undefined) {
          held.push(chunk);
          heldBytes += chunk.byteLength;
          if (heldBytes < headBytes) continue;
          found = await validate(Buffer.concat(held), text.isText());
          yield* held.splice(0);
        } else {
          yield chunk;
        }
        refuseBrokenText(text.isText());
      }
      text.end();
      found ??= await validate(Buffer.concat(held), text.isText());
      refuseBrokenText(text.isText());
      yield* held;
    },
    type() {
      if (found === undefined) throw new TypeError('nothing was watched yet');
      return found;
    },
  };

  async function validate(head: Buffer, isText: boolean): Promise<string> {
    const recognized = await recognize(head);
    const type =
      claims.length === 0
        ? withoutClaim(recognized, isText)
        : likeliestFirst(claims, recognized).find((claim) => fits(claim, { recognized, isText, head }));
    if (type === undefined) throw refusal(notWhatItSays);
    refuseWrongExtension(name, type);
    if (!isOneOf(type, allowed)) throw notTaken(type);
    return type;
  }

  function refuseBrokenText(isText: boolean): void {
    if (found !== undefined && isTextType(found) && !isText)
      throw refusal('Text must be UTF-8, without control characters.');
  }
}

/** The types it may be, the likeliest first; empty when neither name nor declaration says anything. */
function claimsOf(name: string, declared: string | undefined): readonly string[] {
  const said = nameOfType(declared);
  const byExtension = typesOfExtension(extensionOf(name) ?? '');
  if (byExtension.length === 0) return said === undefined ? [] : [said];
  // Unsaid, and what a form without a word means. Some systems call comma-separated text a table of theirs.
  const isUnsaid = said === undefined || said === 'text/plain' || byExtension.includes('text/csv');
  if (isUnsaid) return byExtension;
  if (!byExtension.includes(said)) throw refusal('The name of the file says another type than is declared.');
  return [said];
}

/**
 * In lower case, without parameters, under the name that the table has for it; undefined where nothing is
 * said.
 */
function nameOfType(declared: string | undefined): string | undefined {
  const type = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === 'application/octet-stream' || type === 'binary/octet-stream') return undefined;
  return otherNames[type] ?? type;
}

async function recognize(head: Buffer): Promise<string | undefined> {
  // The library would unpack its beginning to see what is in it.
  if (head[0] === 0x1f && head[1] === 0x8b) return 'application/gzip';
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    // It gives up on some broken files by throwing.
    return undefined;
  }
}

function fits(claim: string, content: { recognized: string | undefined; isText: boolean; head: Buffer }): boolean {
  const { recognized, isText, head } = content;
  if (isTextType(claim)) {
    return isText && (recognized === undefined || textual.has(recognized) || weaklyRecognized.has(recognized));
  }
  const row = fileTypes[claim];
  if (row === undefined) return recognized === claim || (recognized === undefined && !isText && isOpaque(claim));
  const isRecognized = recognized === claim || row.recognizedAs?.includes(recognized ?? '') === true;
  if (!isRecognized || recognized === claim || row.marks === undefined) return isRecognized;
  return row.marks.some((mark) => head.includes(mark));
}

/** Sound in a container that holds video as well is video where nobody said otherwise. */
function likeliestFirst(claims: readonly string[], recognized: string | undefined): readonly string[] {
  return claims.toSorted((a, b) => Number(b === recognized) - Number(a === recognized));
}

function withoutClaim(recognized: string | undefined, isText: boolean): string {
  if (recognized !== undefined && !(isText && weaklyRecognized.has(recognized))) {
    return otherNames[recognized] ?? recognized;
  }
  return isText ? 'text/plain' : 'application/octet-stream';
}

/** A type that nobody could recognize; pictures, sound and video can be, and must. */
function isOpaque(type: string): boolean {
  return type.startsWith('application/') || type.startsWith('model/') || type.startsWith('chemical/');
}

function isTextType(type: string): boolean {
  return fileTypes[type]?.isText ?? type.startsWith('text/');
}

/**
 * `photo.exe` with the content of a picture is a picture here and a program on the machine of whoever saves
 * it.
 */
function refuseWrongExtension(name: string, type: string): void {
  const extension = extensionOf(name);
  const row = fileTypes[type];
  if (extension !== undefined && row !== undefined && !row.extensions.includes(extension)) throw refusal(notWhatItSays);
}

interface TextWatch {
  take(chunk: Uint8Array): void;
  /** A sequence that was begun must be complete. */
  end(): void;
  isText(): boolean;
}

/**
 * Whether all that was taken is UTF-8 without control characters but tab, line feed, form feed, carriage
 * return and escape.
 */
function createTextWatch(): TextWatch {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isText = true;
  const decode = (chunk?: Uint8Array): void => {
    if (!isText) return;
    try {
      isText = !/[\0-\x08\x0B\x0E-\x1A\x1C-\x1F\x7F]/.test(
        chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }),
      );
    } catch {
      isText = false;
    }
  };
  return { take: decode, end: () => decode(), isText: () => isText };
}

function notTaken(type: string | undefined): BelfryError {
  return refusal(`This app does not take files of the type ${type ?? 'unknown'}.`);
}

function refusal(message: string): BelfryError {
  return new BelfryError('unsupported_media_type', { message, path: ['file'] });
}
