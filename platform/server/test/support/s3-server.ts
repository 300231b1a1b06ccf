// A store of the protocol of S3 in this process, on a free loopback port, over a folder of its own.

import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import S3rver from 's3rver';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** `PUT /bucket/key?partNumber=...`, without signatures, in the order in which they came. */
  readonly requests: readonly string[];
  /** The files of whole objects and of parts, with those that describe them. */
  files(): string[];
  /** Answers 500 to every request until it is called with false. */
  fail(isFailing: boolean): void;
  stop(): Promise<void>;
}

/** Beside the objects of a bucket. */
const partsFolder = '._S3rver_uploads';

export async function startS3(): Promise<S3Server> {
  const folder = createTemporaryFolder();
  const bucket = 'belfry-uploads';
  const requests: string[] = [];
  let isFailing = false;
  const s3 = new S3rver({
    address: '127.0.0.1',
    port: 0,
    directory: folder.path,
    silent: true,
    configureBuckets: [{ name: bucket }],
  });
  s3.middleware.unshift(async (ctx, next) => {
    requests.push(`${ctx.method} ${ctx.url}`);
    if (isFailing) {
      ctx.status = 500;
      return;
    }
    const { uploadId } = ctx.query;
    // It takes multipart uploads and cannot abort them.
    if (ctx.method === 'DELETE' && typeof uploadId === 'string') {
      await rm(join(folder.path, bucket, partsFolder, uploadId), { recursive: true });
      ctx.status = 204;
      return;
    }
    await next();
  });
  const { store } = s3;
  const getObject = store.getObject.bind(store);
  // It takes an end of 0 for none. An object is true, whatever its number.
  store.getObject = (name, key, part) => getObject(name, key, { ...part, ...(part.end === 0 && { end: Object(0) }) });
  const { port } = await s3.run();

  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    // The only ones that it knows.
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    requests,
    files: () =>
      readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).filter((name) =>
        statSync(join(folder.path, name)).isFile(),
      ),
    fail: (failing) => void (isFailing = failing),
    async stop() {
      s3.httpServer.closeAllConnections();
      await s3.close();
      folder.remove();
    },
  };
}
