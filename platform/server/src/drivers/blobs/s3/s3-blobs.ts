// Uploads as objects in a bucket of S3, or of a store that speaks its protocol. What they are, and who may
// have them, is the uploads capability's; the time that a body takes is idle-limit.ts.

import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BelfryError } from '@belfry/protocol';
import type { AppId } from '../../../ports/app-id.ts';
import type { BlobDriver, BlobLink, ByteRange } from '../../../ports/blobs.ts';
import type { Clock } from '../../../ports/clock.ts';
import { withIdleLimit } from './idle-limit.ts';

export interface S3Address {
  bucket: string;
  region: string;
  /** Of a store that is not Amazon's. */
  endpoint?: string | undefined;
  /** The bucket stands in the path of a URL, not in its host name. */
  forcePathStyle: boolean;
  /** Without them the client finds its own: the role of the machine, a profile. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

export interface S3Waits {
  connectMs: number;
  /** For the head of an answer to a short request. */
  answerMs: number;
  /** For a part to be sent and answered. */
  partMs: number;
  /** Between two pieces of a body that is read. */
  idleMs: number;
}

export interface S3Deps {
  address: S3Address;
  clock: Pick<Clock, 'after'>;
  waits?: S3Waits;
}

/** The result of a look at the bucket. `refused` does not mend itself. */
export type BucketState = { state: 'there' } | { state: 'refused' | 'unreachable'; reason: string };

const defaultWaits: S3Waits = { connectMs: 2000, answerMs: 5000, partMs: 30_000, idleMs: 30_000 };

/** With the first. All calls can be repeated: an object is replaced by the same one. */
const attempts = 3;

/** The least that S3 takes. One part of each upload is in memory, and its pieces until it is complete. */
const partBytes = 5 * 1024 * 1024;

/**
 * `<app>/<id>`. What fits into one part is one request; what does not is a multipart upload, which is
 * aborted when its content breaks off. One that a killed process left is not seen by anybody; a rule of the
 * bucket has to delete it.
 */
export class S3Blobs implements BlobDriver {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #waits: S3Waits;

  constructor({ address, clock, waits = defaultWaits }: S3Deps) {
    const { bucket, region, endpoint, forcePathStyle, credentials } = address;
    this.#bucket = bucket;
    this.#clock = clock;
    this.#waits = waits;
    // Not bounded: a slow reader of a file keeps its socket, and must not keep others from theirs.
    const agent = { maxSockets: Infinity };
    this.#client = new S3Client({
      region,
      forcePathStyle,
      maxAttempts: attempts,
      // Bodies are signed, hash included. Further checksums are not understood by every store.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: waits.connectMs,
        requestTimeout: waits.partMs,
        throwOnRequestTimeout: true,
        socketTimeout: 0,
        httpAgent: agent,
        httpsAgent: agent,
      },
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials !== undefined && { credentials }),
    });
  }

  /** Whether the bucket can be used, asked once. Never rejects. */
  async look(): Promise<BucketState> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }), this.#short);
      return { state: 'there' };
    } catch (error) {
      return stateOf(error);
    }
  }

  async put(app: AppId, id: string, content: AsyncIterable<Uint8Array>): Promise<{ bytes: number }> {
    const read = { bytes: 0, brokeOff: undefined as { error: unknown } | undefined };
    const Body = Readable.from(watched(), { highWaterMark: 1 });
    const params = { ...this.#object(app, id), Body };
    try {
      await new Upload({ client: this.#client, params, partSize: partBytes, queueSize: 1 }).done();
      return { bytes: read.bytes };
    } catch (cause) {
      if (read.brokeOff !== undefined) throw read.brokeOff.error;
      throw unavailable(cause);
    } finally {
      Body.destroy();
    }

    /** Remembers the error of the content: the client's may be another, such as that of the abort. */
    async function* watched(): AsyncGenerator<Uint8Array> {
      // An error that comes while one is taken is the reader's: it wants no more.
      let isTaken = false;
      try {
        for await (const chunk of content) {
          read.bytes += chunk.byteLength;
          isTaken = true;
          yield chunk;
          isTaken = false;
        }
      } catch (error) {
        if (!isTaken) read.brokeOff = { error };
        throw error;
      }
    }
  }

  async open(app: AppId, id: string, range?: ByteRange): Promise<Readable | undefined> {
    const command = new GetObjectCommand({
      ...this.#object(app, id),
      ...(range !== undefined && { Range: `bytes=${range.from}-${range.to}` }),
    });
    const found = await orMissing('NoSuchKey', this.#client.send(command, this.#short));
    if (found === undefined) return undefined;
    if (!(found.Body instanceof Readable)) throw unavailable(new TypeError('an answer without a body'));
    return withIdleLimit(found.Body, { clock: this.#clock, idleMs: this.#waits.idleMs });
  }

  async remove(app: AppId, id: string): Promise<boolean> {
    const object = this.#object(app, id);
    const head = await orMissing('NotFound', this.#client.send(new HeadObjectCommand(object), this.#short));
    // Also when it was not there: a missing bucket looks the same, and is told here.
    await orMissing('NoSuchKey', this.#client.send(new DeleteObjectCommand(object), this.#short));
    return head !== undefined;
  }

  async link(app: AppId, id: string, { contentType, contentDisposition, expiresMs }: BlobLink): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#object(app, id),
      ResponseContentType: contentType,
      ResponseContentDisposition: contentDisposition,
    });
    try {
      return await getSignedUrl(this.#client, command, { expiresIn: Math.floor(expiresMs / 1000) });
    } catch (cause) {
      // Made without the store, but not without credentials, which may come from elsewhere.
      throw unavailable(cause);
    }
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  get #short(): { requestTimeout: number } {
    return { requestTimeout: this.#waits.answerMs };
  }

  #object(app: AppId, id: string): { Bucket: string; Key: string } {
    // Both are checked long before they come here; a key is made of nothing that is not.
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(app) || !/^[0-9a-f-]{36}$/.test(id)) throw new TypeError('not a blob of an app');
    return { Bucket: this.#bucket, Key: `${app}/${id}` };
  }
}

async function orMissing<T>(name: string, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof S3ServiceException && cause.name === name) return undefined;
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): BelfryError {
  return new BelfryError('unavailable', { message: 'The bucket of uploads cannot be used.', cause });
}

/** Answers below 500 stay the same until somebody changes something, except the one that asks to wait. */
function stateOf(error: unknown): BucketState {
  if (!(error instanceof Error)) return { state: 'unreachable', reason: String(error) };
  if (error.name === 'CredentialsProviderError') return { state: 'refused', reason: error.message };
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status === undefined || status >= 500 || status === 429) return { state: 'unreachable', reason: error.message };
  const reasons = new Map([
    [301, 'the bucket is in another region'],
    [403, 'the bucket refuses these credentials; they need s3:ListBucket, GetObject, PutObject and DeleteObject'],
    [404, 'there is no such bucket'],
  ]);
  return { state: 'refused', reason: reasons.get(status) ?? `the store answers ${status}` };
}
