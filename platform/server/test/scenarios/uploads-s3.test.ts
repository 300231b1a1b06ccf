// Uploads of a whole server whose bucket is on a store of the protocol of S3: taken, given out, deleted, and
// a store that is gone. What the rules of uploads are is uploads.test.ts.

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startS3, type S3Server } from '../support/s3-server.ts';
import { png } from '../support/sample-files.ts';
import { otherKey, startUploadServer } from '../support/upload-server.ts';
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

/** An upload of a back end is a user's. */
const fields = { userId: 'eve' };
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

describe('with S3_PRESIGN', () => {
  let signing: typeof world;
  beforeAll(async () => void (signing = await startUploadServer({ ...variablesOf(s3), S3_PRESIGN: 'on' })));
  afterAll(() => signing.server.stop());

  test('a download goes to the bucket itself, with the name and type of the file', async () => {
    const { body } = await signing.upload(picture, { name: '左膝.png', type: 'image/png' });
    const before = s3.requests.length;
    const answer = await fetch(String(body['url']), { redirect: 'manual' });
    expect([answer.status, await answer.text()]).toEqual([302, '']);
    expect(answer.headers.get('cache-control')).toBe('private, max-age=240');
    const address = new URL(String(answer.headers.get('location')));
    expect(`${address.origin}${address.pathname}`).toBe(`${s3.endpoint}/${s3.bucket}/demo/${String(body['uploadId'])}`);
    expect(Number(address.searchParams.get('X-Amz-Expires'))).toBeGreaterThan(500);
    expect(Number(address.searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(600);
    expect(s3.requests).toHaveLength(before);

    const whole = await fetch(String(body['url']));
    expect(whole.url).toContain(s3.endpoint);
    expect(whole.headers.get('content-type')).toBe('image/png');
    expect(whole.headers.get('content-disposition')).toContain(`inline; filename="??.png"; filename*=UTF-8''`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(picture)).toBe(true);
    const part = await fetch(String(body['url']), { headers: { range: 'bytes=100-70000' } });
    expect(Buffer.from(await part.arrayBuffer()).equals(picture.subarray(100, 70_001))).toBe(true);
  });

  test('a page that somebody uploaded is a download, not a page', async () => {
    const page = Buffer.from('<!doctype html><html><body><script>alert(1)</script></body></html>');
    const { status, body } = await signing.upload(page, { name: 'a.html', type: 'text/html', as: otherKey, fields });
    expect(status).toBe(201);
    const answer = await fetch(String(body['url']));
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/);
  });

  test('no link is redirected that is not in order, and no HEAD and no file that the client has', async () => {
    const { server, alice } = signing;
    const { body } = await signing.upload(png);
    const url = String(body['url']);
    const asked = async (address: string, init: RequestInit = {}) => {
      const { status, headers } = await fetch(address, { redirect: 'manual', ...init });
      return { status, location: headers.get('location'), etag: headers.get('etag') };
    };
    expect(await asked(url)).toMatchObject({ status: 302, location: expect.any(String) });
    expect(
      await asked(url.replace(/signature=./, (start) => (start.endsWith('A') ? 'signature=B' : 'signature=A'))),
    ).toMatchObject({ status: 403 });
    expect(await asked(url.replace('app=demo', 'app=other'))).toMatchObject({ status: 403, location: null });
    const head = await asked(url, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, location: null });
    const known = { headers: { 'if-none-match': String(head.etag) } };
    expect(await asked(url, known)).toMatchObject({ status: 304, location: null });
    await server.api('DELETE', `/uploads/${String(body['uploadId'])}`, undefined, alice);
    expect(await asked(url)).toMatchObject({ status: 404, location: null });
  });
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
