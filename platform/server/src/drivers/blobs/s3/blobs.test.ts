// The S3 driver keeps the contract of blobs on a server of that protocol, and leaves nothing behind.

import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { blobsContract } from '../../../../test/contracts/blobs.contract.ts';
import { newApp } from '../../../../test/support/samples.ts';
import { startS3, type S3Server } from '../../../../test/support/s3-server.ts';
import { asAppId } from '../../../ports/app-id.ts';
import { createSystemClock } from '../../clock.ts';
import { S3Blobs, type S3Address, type S3Waits } from './s3-blobs.ts';

const addressOf = ({ endpoint, bucket, credentials }: S3Server): S3Address => ({
  ...{ endpoint, bucket, credentials },
  region: 'us-east-1',
  forcePathStyle: true,
});
const open = (address: S3Address, waits?: S3Waits): S3Blobs =>
  new S3Blobs({ address, clock: createSystemClock(), ...(waits !== undefined && { waits }) });

blobsContract('S3', async () => {
  const server = await startS3();
  const blobs = open(addressOf(server));
  return {
    blobs,
    count: async () => server.files().length,
    async dispose() {
      await blobs.close();
      await server.stop();
    },
  };
});

/** More than two parts. */
const largeBytes = 12 * 1024 * 1024;

async function* pieces(content: Buffer, error?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
  if (error !== undefined) throw error;
}

describe('on a bucket', () => {
  let server: S3Server;
  let blobs: S3Blobs;
  beforeAll(async () => {
    server = await startS3();
    blobs = open(addressOf(server));
  });
  beforeEach(() => server.fail(false));
  afterAll(async () => {
    await blobs.close();
    await server.stop();
  });

  test('content of several parts is put in parts and comes back whole and in ranges', async () => {
    const [app, id] = [newApp(), randomUUID()];
    const whole = randomBytes(largeBytes);
    expect(await blobs.put(app, id, pieces(whole))).toEqual({ bytes: largeBytes });
    expect(server.requests.filter((each) => each.includes('partNumber='))).toHaveLength(3);
    const read = await blobs.open(app, id);
    expect(read !== undefined && (await buffer(read)).equals(whole)).toBe(true);
    const [from, to] = [5 * 1024 * 1024 - 7, 10 * 1024 * 1024 + 7];
    const part = await blobs.open(app, id, { from, to });
    expect(part !== undefined && (await buffer(part)).equals(whole.subarray(from, to + 1))).toBe(true);
  });

  test('content that breaks off after its first parts leaves no multipart upload', async () => {
    const before = server.files();
    const broken = pieces(randomBytes(largeBytes), new RangeError('cut'));
    await expect(blobs.put(newApp(), randomUUID(), broken)).rejects.toThrow(new RangeError('cut'));
    expect(server.files()).toEqual(before);
    expect(server.requests.at(-1)).toMatch(/^DELETE .*uploadId=/);
  });

  test('a store that fails is unavailable, and is used again when it works', async () => {
    const [app, id] = [newApp(), randomUUID()];
    await blobs.put(app, id, pieces(Buffer.from('x')));
    server.fail(true);
    const failed = { code: 'unavailable' };
    await expect(blobs.put(app, randomUUID(), pieces(Buffer.from('y')))).rejects.toMatchObject(failed);
    await expect(blobs.open(app, id)).rejects.toMatchObject(failed);
    await expect(blobs.remove(app, id)).rejects.toMatchObject(failed);
    expect(await blobs.look()).toMatchObject({ state: 'unreachable' });
    server.fail(false);
    expect(await blobs.remove(app, id)).toBe(true);
  });

  test('the error of content that breaks off is told also when the store fails at its abort', async () => {
    const failing = (async function* () {
      yield* pieces(randomBytes(largeBytes));
      server.fail(true);
      throw new RangeError('cut');
    })();
    await expect(blobs.put(newApp(), randomUUID(), failing)).rejects.toThrow(new RangeError('cut'));
  });

  test('content is read no further when the store fails', async () => {
    server.fail(true);
    let isClosed = false;
    const endless = (async function* () {
      try {
        for (;;) yield Buffer.alloc(1_000_000);
      } finally {
        isClosed = true;
      }
    })();
    await expect(blobs.put(newApp(), randomUUID(), endless)).rejects.toMatchObject({ code: 'unavailable' });
    expect(isClosed).toBe(true);
  });

  test('a link gives the blob to anybody, whole and in part, with the headers that it was made for', async () => {
    const [app, id] = [newApp(), randomUUID()];
    const whole = randomBytes(1000);
    await blobs.put(app, id, pieces(whole));
    const contentDisposition = `attachment; filename="?.txt"; filename*=UTF-8''%E5%B7%A6.txt`;
    const link = await blobs.link(app, id, { contentType: 'text/plain', contentDisposition, expiresMs: 90_500 });
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('90');
    const answer = await fetch(link);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('content-disposition')).toBe(contentDisposition);
    expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true);
    const part = await fetch(link, { headers: { range: 'bytes=10-19' } });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, whole.subarray(10, 20)]);
    const plain = new URL(link);
    plain.search = '';
    expect(plain.href).toBe(`${server.endpoint}/${server.bucket}/${app}/${id}`);
  });

  test.each(['../../../etc/passwd', '', 'a'.repeat(37), `${randomUUID()}/x`])('makes no key of %j', async (id) => {
    await expect(blobs.put(newApp(), id, pieces(Buffer.from('x')))).rejects.toThrow('not a blob of an app');
    await expect(blobs.open(asAppId('..'), randomUUID())).rejects.toThrow('not a blob of an app');
  });

  test('a look says that the bucket is there, is none, or refuses the credentials', async () => {
    expect(await blobs.look()).toEqual({ state: 'there' });
    const address = addressOf(server);
    const missing = open({ ...address, bucket: 'no-such-bucket' });
    expect(await missing.look()).toEqual({ state: 'refused', reason: 'there is no such bucket' });
    await expect(missing.open(newApp(), randomUUID())).rejects.toMatchObject({ code: 'unavailable' });
    await expect(missing.remove(newApp(), randomUUID())).rejects.toMatchObject({ code: 'unavailable' });
    const stranger = open({ ...address, credentials: { ...server.credentials, accessKeyId: 'unknown' } });
    expect(await stranger.look()).toMatchObject({ state: 'refused', reason: expect.stringContaining('credentials') });
    await Promise.all([missing.close(), stranger.close()]);
  });
});

describe('a store that goes silent', () => {
  const waits = { connectMs: 500, answerMs: 50, partMs: 50, idleMs: 50 };

  test('before its answer is unavailable after a bounded time', async () => {
    const { address, close } = await silentServer(0);
    const blobs = open(address, waits);
    const failed = { code: 'unavailable' };
    await expect(blobs.put(newApp(), randomUUID(), pieces(Buffer.from('x')))).rejects.toMatchObject(failed);
    await expect(blobs.open(newApp(), randomUUID())).rejects.toMatchObject(failed);
    await expect(blobs.remove(newApp(), randomUUID())).rejects.toMatchObject(failed);
    expect(await blobs.look()).toMatchObject({ state: 'unreachable' });
    await blobs.close();
    await close();
  });

  test('in the middle of a body ends the reading of it with an error', async () => {
    const { address, close } = await silentServer(1000);
    const blobs = open(address, waits);
    const read = await blobs.open(newApp(), randomUUID());
    if (read === undefined) throw new Error('there is a body');
    await expect(buffer(read)).rejects.toThrow('did not finish within 50 ms');
    await blobs.close();
    await close();
  });
});

/** Sends so many bytes of a longer body, or does not answer at all. */
async function silentServer(bytes: number): Promise<{ address: S3Address; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    if (bytes === 0) return;
    response.writeHead(200, { 'content-length': bytes + 1 });
    response.write(Buffer.alloc(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'silent',
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
