// What a failed call to MongoDB means: a key that was taken, an outcome that nobody knows, or a defect. Not what
// is done about it.

import { BelfryError } from '@belfry/protocol';
import { mongo, MongooseError } from 'mongoose';
import { TimeLimitError } from '../../../concurrency/time-limit.ts';

const duplicateKeyCode = 11_000;

/** Of a request that is wrong by itself, whoever answers it: BadValue, FailedToParse, TypeMismatch and so on. */
const defectCodes = new Set([2, 9, 14, 26, 52, 66, 67, 73, 121, 168, 10_334, 17_280, 31_254]);

/** A unique index has it already. Which one is read back: the text of the error is no proof. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === duplicateKeyCode && !hasOtherFailures(error);
}

/** Places of the operations of a batch whose key was taken; undefined when another thing went wrong as well. */
export function duplicatesOf(error: unknown): number[] | undefined {
  if (!(error instanceof mongo.MongoBulkWriteError) || !isDuplicateKey(error)) return undefined;
  return writeErrorsOf(error).map(({ index }) => index);
}

/**
 * `unavailable`, whose outcome is unknown, for all that a server or a network does; a defect is what it was. A
 * reply that was lost makes a batch fail without a code, although all of it may be stored.
 */
export function toFailure(error: unknown): unknown {
  if (error instanceof BelfryError || isDuplicateKey(error)) return error;
  if (error instanceof mongo.MongoServerError && typeof error.code === 'number' && defectCodes.has(error.code))
    return error;
  const isOutside =
    error instanceof mongo.MongoError ||
    error instanceof MongooseError ||
    error instanceof TimeLimitError ||
    isOfSystem(error);
  const isCast = error instanceof MongooseError && /^(?:Cast|Strict|Validat|ObjectParameter)/.test(error.name);
  return isOutside && !isCast ? new BelfryError('unavailable', { cause: error }) : error;
}

/** Of a socket: not all of them are wrapped. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);
}

function hasOtherFailures(error: Error): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return false;
  const hasConcern = error.result.getWriteConcernError() !== undefined;
  return hasConcern || writeErrorsOf(error).some(({ code }) => code !== duplicateKeyCode);
}

function writeErrorsOf({ writeErrors }: mongo.MongoBulkWriteError): readonly mongo.WriteError[] {
  return [writeErrors].flat();
}
