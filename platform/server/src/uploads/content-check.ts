// Finds out what a file is while it arrives, and refuses one that is not what its name or its declared type
// says. Nothing in it is unpacked.

import { BelfryError } from '@belfry/protocol';
import { fileTypeFromBuffer } from 'file-type';
import { fileTypes, otherNames, typesOfExtension } from './file-types.ts';
import { extensionOf } from './file-name.ts';
import { isOneOf } from './rules.ts';
import { TextWatch, type TextEncoding } from './text-watch.ts';

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

/**
 * Throws `unsupported_media_type` at once where the name and the declared type already say that the app does
 * not take it.
 */
export function createContentCheck({ name, declared }: FileClaim, allowed: readonly string[]): ContentCheck {
  const claims = claimsOf(name, declared);
  if (claims.length > 0 && !claims.some((type) => isOneOf(type, allowed))) throw notTaken(claims[0], allowed);
  let found: string | undefined;

  return {
    async *watch(source) {
      const text = new TextWatch();
      const held: Uint8Array[] = [];
      let heldBytes = 0;
      for await (const chunk of source) {
        text.take(chunk);
        if (found === undefined) {
          held.push(chunk);
          heldBytes += chunk.byteLength;
          if (heldBytes < headBytes) continue;
          found = await validate(Buffer.concat(held), text.encoding);
          yield* held.splice(0);
        } else {
          yield chunk;
        }
        refuseBrokenText(text.encoding);
      }
      text.end();
      found ??= await validate(Buffer.concat(held), text.encoding);
      refuseBrokenText(text.encoding);
      yield* held;
    },
    type() {
      if (found === undefined) throw new TypeError('nothing was watched yet');
      return found;
    },
  };

  async function validate(head: Buffer, encoding: TextEncoding): Promise<string> {
    const recognized = await recognize(head);
    const type =
      claims.length === 0
        ? withoutClaim(recognized, encoding === 'utf-8')
        : likeliestFirst(claims, recognized).find((claim) => fits(claim, { recognized, encoding, head }));
    if (type === undefined) throw notWhatItSays(recognized, claims);
    refuseWrongExtension(name, type);
    if (!isOneOf(type, allowed)) throw notTaken(type, allowed);
    return type;
  }

  function refuseBrokenText(encoding: TextEncoding): void {
    if (found === undefined || !isTextType(found) || isTextOf(found, encoding)) return;
    throw refusal(
      fileTypes.get(found)?.isOfAnyEncoding === true
        ? 'Text must have no control characters; save it as text again, best as UTF-8.'
        : 'Text of this type must be UTF-8, without control characters; save it as UTF-8.',
    );
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
  if (!byExtension.includes(said))
    throw refusal(
      `The name of the file says ${byExtension.join(' or ')}, and ${said} is declared; declare what the name says.`,
    );
  return [said];
}

/**
 * In lower case, without parameters, under the name that the table has for it; undefined where nothing is
 * said.
 */
function nameOfType(declared: string | undefined): string | undefined {
  const type = declared?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === '' || type === 'application/octet-stream' || type === 'binary/octet-stream') return undefined;
  return otherNames.get(type) ?? type;
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

function fits(
  claim: string,
  content: { recognized: string | undefined; encoding: TextEncoding; head: Buffer },
): boolean {
  const { recognized, encoding, head } = content;
  if (isTextType(claim)) {
    // The mark of UTF-16 looks like the beginning of sound.
    const isUnknown = recognized === undefined || encoding === 'utf-16' || textual.has(recognized);
    return (isUnknown || weaklyRecognized.has(recognized)) && isTextOf(claim, encoding);
  }
  const row = fileTypes.get(claim);
  if (row === undefined)
    return recognized === claim || (recognized === undefined && encoding !== 'utf-8' && isOpaque(claim));
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
    return otherNames.get(recognized) ?? recognized;
  }
  return isText ? 'text/plain' : 'application/octet-stream';
}

/** A type that nobody could recognize; pictures, sound and video can be, and must. */
function isOpaque(type: string): boolean {
  return type.startsWith('application/') || type.startsWith('model/') || type.startsWith('chemical/');
}

function isTextType(type: string): boolean {
  return fileTypes.get(type)?.isText ?? type.startsWith('text/');
}

function isTextOf(type: string, encoding: TextEncoding): boolean {
  return encoding === 'utf-8' || (encoding !== 'none' && fileTypes.get(type)?.isOfAnyEncoding === true);
}

/**
 * `photo.exe` with the content of a picture is a picture here and a program on the machine of whoever saves
 * it.
 */
function refuseWrongExtension(name: string, type: string): void {
  const extension = extensionOf(name);
  const row = fileTypes.get(type);
  if (extension !== undefined && row !== undefined && !row.extensions.includes(extension)) {
    throw notWhatItSays(type, []);
  }
}

function notTaken(type: string | undefined, allowed: readonly string[]): BelfryError {
  return refusal(
    `This app does not take files of the type ${type ?? 'unknown'}. It takes ${allowed.join(', ')}; convert the file, or pack it into an archive where one is taken.`,
  );
}

/** `recognized`: what the content is, as far as anybody can tell. */
function notWhatItSays(recognized: string | undefined, claims: readonly string[]): BelfryError {
  const found = recognized === undefined ? 'It is none of the known types' : `It is ${recognized}`;
  const advice =
    recognized === undefined && claims.some(isTextType)
      ? 'save it as text again, best as UTF-8'
      : 'name and declare the file as what it is';
  return refusal(`The content is not what the name or the type of the file says. ${found}; ${advice}.`);
}

function refusal(message: string): BelfryError {
  return new BelfryError('unsupported_media_type', { message, path: ['file'] });
}
