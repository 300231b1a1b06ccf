// Reads a form that carries one file, part by part, while it arrives. What is done with the file, and what
// the fields must be, is the route's.

import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { BelfryError, isBelfryError } from '@belfry/protocol';
import type { Clock } from '../../ports/clock.ts';
import type { HttpContext } from '../context.ts';

export interface FileForm {
  file: {
    name: string | undefined;
    type: string | undefined;
    /** Throws when the form breaks off. Must be read to its end, or left. */
    content: AsyncIterable<Uint8Array>;
  };
  /**
   * The other fields, when the whole form is there; they may stand behind the file. Throws when the form is
   * not in order.
   */
  fields: () => Promise<Readonly<Record<string, string>>>;
}

export type ReceiveForm<T> = (form: FileForm) => Promise<T>;

/**
 * Throws what `receive` throws, `unsupported_media_type`, `bad_request` for a form that is broken or breaks
 * off, `invalid_body` for one without a file.
 */
export type ReadFileForm = <T>(ctx: HttpContext, receive: ReceiveForm<T>) => Promise<T>;

/** The field that the file is in. */
const fileField = 'file';

const formLimits = { files: 1, fields: 8, parts: 9, fieldSize: 1024, fieldNameSize: 100, headerPairs: 16 };

/**
 * After a refusal the rest of the form is read and dropped, up to this: a client that is still sending when
 * the connection closes may never see the answer. Beyond it, it is closed all the same.
 */
const dropBytes = 67_108_864;
const dropMs = 5000;

export function createReadFileForm({ clock }: { clock: Clock }): ReadFileForm {
  return async <T>(ctx: HttpContext, receive: ReceiveForm<T>): Promise<T> => {
    const { req } = ctx;
    const parser = openParser(req);
    const fields: Record<string, string> = {};
    const received = Promise.withResolvers<T>();
    let problem: BelfryError | undefined;
    let isBegun = false;

    const whole = untilWhole(req, parser);
    whole.then(
      () => isBegun || received.reject(problem ?? refusal('The form has no file.', [fileField])),
      (error: unknown) => {
        // Ends the content too, with this error, for whoever reads it.
        parser.destroy(asError(error));
        if (!isBegun) received.reject(error);
      },
    );
    const refuse = (message: string, field: string): void => void (problem ??= refusal(message, [field]));
    parser.on('filesLimit', () => refuse('The form has more than one file.', fileField));
    parser.on('fieldsLimit', () => refuse('The form has too many fields.', ''));
    parser.on('partsLimit', () => refuse('The form has too many parts.', ''));
    parser.on('field', (name, value, { nameTruncated, valueTruncated }) => {
      if (nameTruncated || valueTruncated) refuse('The field is too long.', name);
      else if (Object.hasOwn(fields, name)) refuse('The field is there twice.', name);
      else Object.defineProperty(fields, name, { value, enumerable: true });
    });
    parser.on('file', (name, content: Readable, { filename, mimeType }) => {
      if (name !== fileField) {
        refuse('The form has a file under another name.', name);
        content.resume();
        return;
      }
      isBegun = true;
      // It may end in an error before, or after, anybody reads it.
      content.on('error', () => undefined);
      const fieldsAtEnd = async (): Promise<Readonly<Record<string, string>>> => {
        await whole;
        if (problem !== undefined) throw problem;
        return fields;
      };
      receive({ file: { name: filename, type: mimeType, content: unbroken(content) }, fields: fieldsAtEnd }).then(
        received.resolve,
        received.reject,
      );
    });

    req.pipe(parser);
    try {
      return await received.promise;
    } catch (error) {
      req.unpipe(parser);
      parser.destroy();
      if (!(await dropRest(req, clock))) ctx.set('Connection', 'close');
      throw error;
    }
  };
}

function openParser(req: IncomingMessage): busboy.Busboy {
  const isForm = /^multipart\/form-data\s*(?:;|$)/i.test(req.headers['content-type'] ?? '');
  if (!isForm)
    throw new BelfryError('unsupported_media_type', {
      message: 'Send the upload as a form, with `Content-Type: multipart/form-data` and its boundary.',
    });
  try {
    // Names are UTF-8 in every browser; read as Latin-1, as the library does by itself, Chinese ones would be
    // garbled.
    return busboy({ headers: req.headers, defParamCharset: 'utf8', limits: formLimits });
  } catch (cause) {
    throw new BelfryError('bad_request', { message: 'The form has no boundary.', cause });
  }
}

function untilWhole(req: IncomingMessage, parser: busboy.Busboy): Promise<void> {
  return new Promise((resolve, reject) => {
    const brokeOff = (): void => reject(new BelfryError('bad_request', { message: 'The form broke off.' }));
    parser.on('error', (cause) => reject(new BelfryError('bad_request', { message: 'The form is broken.', cause })));
    parser.once('close', resolve);
    // A client may be gone before anybody looks: finding out who it was took a while.
    if (req.destroyed && !req.complete) brokeOff();
    req.once('error', brokeOff);
    req.once('close', () => {
      if (!req.complete) brokeOff();
    });
  });
}

/** The library ends the content of a form that breaks off with errors of its own. */
async function* unbroken(content: Readable): AsyncGenerator<Uint8Array> {
  try {
    // Bytes: the library sets no encoding.
    for await (const chunk of content) yield chunk as Uint8Array;
  } catch (cause) {
    throw isBelfryError(cause) ? cause : new BelfryError('bad_request', { message: 'The form is broken.', cause });
  }
}

/** Whether all of it came. */
async function dropRest(req: IncomingMessage, clock: Clock): Promise<boolean> {
  if (req.complete || req.destroyed) return req.complete;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = clock.after(dropMs, resolve);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > dropBytes) resolve();
    });
    req.once('close', () => {
      timer.cancel();
      resolve();
    });
    req.once('end', () => {
      timer.cancel();
      resolve();
    });
    req.resume();
  });
  return req.complete;
}

function refusal(message: string, path: readonly string[]): BelfryError {
  return new BelfryError('invalid_body', { message, path });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the form failed', { cause: error });
}
