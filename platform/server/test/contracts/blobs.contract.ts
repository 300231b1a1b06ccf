// The contract of blobs: each driver must keep it.

import { randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppId } from '../../src/ports/app-id.ts';
import type { BlobDriver, ByteRange } from '../../src/ports/blobs.ts';
import { newApp } from '../support/samples.ts';

export interface BlobsUnderTest {
  blobs: BlobDriver;
  /** How many blobs and parts of blobs are kept, by whatever means. */
  count(): Promise<number>;
  /** Closes it and takes away what it left. */
  dispose(): Promise<void>;
}

export function blobsContract(name: string, create: () => Promise<BlobsUnderTest>): void {
  describe(`blobs: ${name}`, () => {
    let made: BlobsUnderTest;
    beforeAll(async () => void (made = await create()));
    afterAll(() => made.dispose());

    const put = (app: AppId, id: string, ...chunks: Uint8Array[]) => made.blobs.put(app, id, given(chunks));
    const read = async (app: AppId, id: string, range?: ByteRange): Promise<Buffer | undefined> => {
      const stream = await made.blobs.open(app, id, range);
      return stream === undefined ? undefined : await buffer(stream);
    };

    test('gives back the content that was put, of any length', async () => {
      const app = newApp();
      for (const chunks of [[], [Buffer.of()], [randomBytes(1)], [randomBytes(70_000), Buffer.of(), randomBytes(3)]]) {
        const id = randomUUID();
        const whole = Buffer.concat(chunks);
        expect(await put(app, id, ...chunks)).toEqual({ bytes: whole.length });
        expect(await read(app, id)).toEqual(whole);
      }
    });

    test('gives a part of it', async () => {
      const [app, id] = [newApp(), randomUUID()];
      const whole = randomBytes(200_000);
      await put(app, id, whole);
      for (const [from, to] of [
        [0, 0],
        [0, 199_999],
        [65_530, 131_080],
        [199_999, 199_999],
      ] as const) {
        expect(await read(app, id, { from, to })).toEqual(whole.subarray(from, to + 1));
      }
    });

    test('keeps nothing of content that breaks off, and says why it did', async () => {
      const [app, id] = [newApp(), randomUUID()];
      const before = await made.count();
      const broken = (async function* () {
        yield randomBytes(100_000);
        throw new RangeError('cut');
      })();
      await expect(made.blobs.put(app, id, broken)).rejects.toThrow(new RangeError('cut'));
      expect(await read(app, id)).toBeUndefined();
      expect(await made.count()).toBe(before);
    });

    test('nobody sees a blob before it is whole', async () => {
      const [app, id] = [newApp(), randomUUID()];
      let seen: unknown = 'not looked';
      const watched = (async function* () {
        yield randomBytes(100_000);
        seen = await read(app, id);
        yield randomBytes(1);
      })();
      await made.blobs.put(app, id, watched);
      expect(seen).toBeUndefined();
      expect(await read(app, id)).toHaveLength(100_001);
    });

    test('an id that is there is replaced, and one that breaks off leaves what was there', async () => {
      const [app, id] = [newApp(), randomUUID()];
      await put(app, id, Buffer.from('first'));
      await put(app, id, Buffer.from('second'));
      const broken = (async function* () {
        yield Buffer.from('third');
        throw new Error('cut');
      })();
      await expect(made.blobs.put(app, id, broken)).rejects.toThrow('cut');
      expect(String(await read(app, id))).toBe('second');
    });

    test('a blob that is removed is gone, once', async () => {
      const [app, id] = [newApp(), randomUUID()];
      await put(app, id, Buffer.from('x'));
      expect(await made.blobs.remove(app, id)).toBe(true);
      expect(await made.blobs.remove(app, id)).toBe(false);
      expect(await read(app, id)).toBeUndefined();
    });

    test('a blob of one app is not there for another', async () => {
      const [app, other, id] = [newApp(), newApp(), randomUUID()];
      await put(app, id, Buffer.from('mine'));
      expect(await read(other, id)).toBeUndefined();
      expect(await made.blobs.remove(other, id)).toBe(false);
      await put(other, id, Buffer.from('other'));
      expect(String(await read(app, id))).toBe('mine');
    });

    test('many at once do not mix', async () => {
      const app = newApp();
      const all = Array.from({ length: 20 }, () => ({ id: randomUUID(), content: randomBytes(30_000) }));
      await Promise.all(all.map(({ id, content }) => put(app, id, content.subarray(0, 9), content.subarray(9))));
      const found = await Promise.all(all.map(({ id }) => read(app, id)));
      expect(found).toEqual(all.map(({ content }) => content));
    });
  });
}

async function* given(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
