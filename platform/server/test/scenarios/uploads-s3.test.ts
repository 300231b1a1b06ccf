// Uploads of a whole server whose bucket is on a store of the protocol of S3: taken, given out, deleted, and a
// store that is gone. What the rules of uploads are is uploads.test.ts.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startS3, type S3Server } from '../support/s3-server.ts';
import { png } from '../support/sample-files.ts';
import { startUploadServer } from '../support/upload-server.ts';
import { startWholeServer } from '../support/whole-server.ts';

let s3: S3Server;
let world: Awaited<ReturnType<typeof startUploadServer>>;
beforeAll(async () => {
  s3 = await startS3();
  world = await startUploadServer(variablesOf(s3));
});
beforeEach(() => s3.fail(false));
afterAll(async () => {
  await world.server.stop();
  await s3.stop();
});

function variablesOf({ endpoint, bucket, credentials }: S3Server): Record<string, string> {
  return {
    S3_BUCKET: bucket,
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_ID: credentials.accessKeyId,
    S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
}

const picture = Buffer.concat([png, randomBytes(150_000)]);

test('an upload goes into the bucket, comes out of it whole and in parts, and is deleted from it', async () => {
  const { server, alice, upload } = world;
  const { status, body } = await upload(picture, { name: 'knee.png', type: 'image/png' });
  expect([status, body['bytes']]).toEqual([201, picture.length]);
  const uploadId = String(body['uploadId']);
  const ofUpload = () => s3.files().filter((name) => name.includes(`demo/${uploadId}`));
  expect(ofUpload()).not.toEqual([]);
  expect(existsSync(join(server.server.dataDir, 'uploads'))).toBe(false);

  const whole = await fetch(String(body['url']));
  expect(whole.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await whole.arrayBuffer()).equals(picture)).toBe(true);
  const part = await fetch(String(body['url']), { headers: { range: 'bytes=100-70000' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-70000/${picture.length}`]);
  expect(Buffer.from(await part.arrayBuffer()).equals(picture.subarray(100, 70_001))).toBe(true);

  expect((await server.api('DELETE', `/uploads/${uploadId}`, undefined, alice)).status).toBe(204);
  expect(ofUpload()).toEqual([]);
  expect((await fetch(String(body['url']))).status).toBe(404);
});

test('an upload that is refused leaves nothing in the bucket', async () => {
  const before = s3.files();
  expect((await world.upload(picture, { name: 'knee.pdf' })).status).toBe(415);
  expect(s3.files()).toEqual(before);
});

test('a store that is gone is told as unavailable, and the server works again with it', async () => {
  const { body } = await world.upload(png);
  s3.fail(true);
  expect(await world.upload(png)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect((await fetch(String(body['url']))).status).toBe(503);
  s3.fail(false);
  expect((await fetch(String(body['url']))).status).toBe(200);
});

test('a server does not start with a bucket that refuses it, and starts without one that is not reached', async () => {
  const env = variablesOf(s3);
  const start = startWholeServer({ env: { ...env, S3_BUCKET: 'no-such-bucket' } });
  await expect(start).rejects.toThrow('S3_BUCKET: no-such-bucket cannot be used: there is no such bucket');
  s3.fail(true);
  const server = await startWholeServer({ env });
  expect(server.lines).toContainEqual(expect.objectContaining({ msg: 'bucket of uploads not reached' }));
  await server.stop();
});
