// Taking files in, who may have them, and giving them out, over a folder and stores in memory.

import { buffer } from 'node:stream/consumers';
import { BelfryError } from '@belfry/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { html, png, svg } from '../../test/support/sample-files.ts';
import { asAppId } from '../ports/app-id.ts';
import { createTestUploads, demo, incoming, other } from './test/uploads.fixture.ts';

let world: Awaited<ReturnType<typeof createTestUploads>>;
beforeEach(async () => {
  world = await createTestUploads({ c1: ['alice', 'bob'] });
});
afterEach(() => world.dispose());

const take = (name = 'a.png', content: Uint8Array = png) =>
  world.uploads.take(demo, 'user:alice', incoming(name, content));
const text = (bytes: number) => Buffer.alloc(bytes, 'x');

/** The request of somebody who has the link. */
const linkOf = (url: string) => {
  const { pathname, searchParams } = new URL(url, 'http://x');
  return {
    app: asAppId(searchParams.get('app') ?? ''),
    id: pathname.split('/').at(-1) ?? '',
    expires: Number(searchParams.get('expires')),
    signature: searchParams.get('signature') ?? '',
  };
};

const leftNothing = async () => {
  expect(world.files()).toEqual([]);
  expect(await world.store.usage(demo)).toEqual({ count: 0, bytes: 0 });
  const all = { arrivingBeforeMs: Infinity, unusedBeforeMs: Infinity, limit: 10 };
  expect(await world.store.claimIdle(demo, all)).toEqual([]);
};

describe('a file that is taken in', () => {
  test('is kept, and given out again under its link', async () => {
    const upload = await take('照片.png');
    expect(upload).toEqual({
      uploadId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userId: 'alice',
      name: '照片.png',
      type: 'image/png',
      bytes: png.length,
      url: expect.stringMatching(/^\/files\/[0-9a-f-]{36}\?app=demo&expires=\d+&signature=[\w-]{43}$/),
      expiresAt: '2026-01-01T00:15:00.000Z',
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    const file = await world.uploads.serve(linkOf(upload.url));
    expect(file).toMatchObject({ name: '照片.png', type: 'image/png', bytes: png.length, isInline: true });
    const content = await file.read();
    expect(content && (await buffer(content)).equals(png)).toBe(true);
  });

  test('is shown in place only where that is harmless', async () => {
    world.setUploads(demo, { types: ['*'] });
    const isInline = async (name: string, content: Uint8Array): Promise<boolean> =>
      (await world.uploads.serve(linkOf((await take(name, content)).url))).isInline;
    expect(await isInline('a.png', png)).toBe(true);
    expect(await isInline('a.svg', svg)).toBe(false);
    expect(await isInline('a.html', html)).toBe(false);
    expect(await isInline('a.txt', html)).toBe(false);
  });
});

describe('nothing is left of an upload that is refused:', () => {
  test.each([
    ['over the limit', 'a.txt', text(10_001), 'too_large'],
    ['not what it says', 'a.png', html, 'unsupported_media_type'],
    ['not allowed', 'a.html', html, 'unsupported_media_type'],
  ])('%s', async (_what, name, content, code) => {
    await expect(take(name, content)).rejects.toMatchObject({ code });
    await leftNothing();
  });

  test('a client that breaks off, at any point', async () => {
    for (const after of [0, 1, 5000]) {
      const cut = (async function* () {
        yield text(after);
        throw new BelfryError('bad_request');
      })();
      const file = incoming('a.txt', png, { content: cut });
      await expect(world.uploads.take(demo, 'user:alice', file)).rejects.toMatchObject({ code: 'bad_request' });
      await leftNothing();
    }
  });

  test('a file without an owner', async () => {
    const owner = () => Promise.reject(new BelfryError('invalid_body'));
    const file = incoming('a.png', png, { owner });
    await expect(world.uploads.take(demo, 'key:k', file)).rejects.toMatchObject({ code: 'invalid_body' });
    await leftNothing();
  });

  test('an app that takes none', async () => {
    world.setUploads(demo, { enabled: false });
    await expect(take()).rejects.toMatchObject({ code: 'forbidden' });
    await leftNothing();
  });

  test('a store that is away at the end; what could not be deleted then goes later', async () => {
    world.stores.fail('uploads.complete');
    await expect(take()).rejects.toMatchObject({ code: 'unavailable' });
    await leftNothing();
    world.stores.fail('uploads.forget');
    await expect(take('a.png', html)).rejects.toMatchObject({ code: 'unsupported_media_type' });
    expect(world.warnings).toHaveLength(1);
    world.stores.fail(undefined);
    await world.clock.advance(400_000);
    await world.tidying.once();
    await leftNothing();
  });
});

describe('an app', () => {
  test('keeps no more than its quota over all its users, and more again when something is deleted', async () => {
    const first = await take('a.txt', text(10_000));
    await take('b.txt', text(10_000));
    await expect(take('c.txt', text(6000))).rejects.toMatchObject({ code: 'quota_exceeded', status: 413 });
    await take('d.txt', text(5000));
    await expect(take('e.txt', text(0))).rejects.toMatchObject({ code: 'quota_exceeded' });
    await world.uploads.remove(demo, first.uploadId, 'alice');
    await take('f.txt', text(10_000));
    expect(await world.store.usage(demo)).toEqual({ count: 3, bytes: 25_000 });
    expect(world.files()).toHaveLength(3);
  });

  test('keeps no more than its quota when many upload at once', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => world.uploads.take(demo, `user:u${n}`, incoming('a.txt', text(9000)))),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await world.store.usage(demo)).toEqual({ count: 2, bytes: 18_000 });
    expect(world.files()).toHaveLength(2);
  });

  test('may set less than the installation, and not more', async () => {
    world.setUploads(demo, { maxBytes: 100, types: ['text/plain'] });
    await expect(take('a.txt', text(101))).rejects.toMatchObject({ code: 'too_large' });
    await expect(take()).rejects.toMatchObject({ code: 'unsupported_media_type' });
    world.setUploads(demo, { maxBytes: 1_000_000 });
    await expect(take('a.txt', text(10_001))).rejects.toMatchObject({ code: 'too_large' });
  });
});

test('a user has a few uploads under way, an app its share, and others begin all the same', async () => {
  const ends: (() => void)[] = [];
  const begin = (user: string, app = demo) => {
    const waits = new Promise<void>((resolve) => void ends.push(resolve));
    const content = (async function* () {
      yield text(1);
      await waits;
    })();
    return world.uploads.take(app, user, incoming('a.txt', png, { content }));
  };
  const underWay = Array.from({ length: 8 }, () => begin('user:alice'));
  await world.clock.advance(0);
  await expect(begin('user:alice')).rejects.toMatchObject({ code: 'rate_limited' });
  for (let user = 0; user < 12; user += 1) underWay.push(begin(`user:${user}`));
  await world.clock.advance(0);
  // Half of what a node takes.
  await expect(begin('user:dave')).rejects.toMatchObject({ code: 'overloaded' });
  underWay.push(begin('user:erin', other));
  for (const end of ends) end();
  await Promise.all(underWay);
  await expect(take()).resolves.toBeDefined();
});

describe('access to a file:', () => {
  const uses = (uploadId: string, streams: readonly string[]) =>
    world.store.setUses(demo, 'm1', { uploadIds: [uploadId], streams, at: 1 });

  test('its owner and the back end have it; others when a message brought it to them', async () => {
    const { uploadId } = await take();
    expect(await world.uploads.get(demo, uploadId)).toMatchObject({ uploadId });
    expect(await world.uploads.get(demo, uploadId, 'alice')).toMatchObject({ uploadId });
    await expect(world.uploads.get(demo, uploadId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
    await uses(uploadId, ['c:c1']);
    expect(await world.uploads.get(demo, uploadId, 'bob')).toMatchObject({ uploadId });
    await expect(world.uploads.get(demo, uploadId, 'eve')).rejects.toMatchObject({ code: 'not_found' });
    await uses(uploadId, ['i:eve']);
    expect(await world.uploads.get(demo, uploadId, 'eve')).toMatchObject({ uploadId });
    await expect(world.uploads.get(demo, uploadId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('nobody of another app has it', async () => {
    const { uploadId } = await take();
    await expect(world.uploads.get(other, uploadId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(world.uploads.remove(other, uploadId)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('its owner may delete it while no message uses it, the back end at any time', async () => {
    const { uploadId } = await take();
    await expect(world.uploads.remove(demo, uploadId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
    await uses(uploadId, ['c:c1']);
    await expect(world.uploads.remove(demo, uploadId, 'bob')).rejects.toMatchObject({ code: 'not_found' });
    await expect(world.uploads.remove(demo, uploadId, 'alice')).rejects.toMatchObject({ code: 'conflict' });
    await world.uploads.remove(demo, uploadId);
    await expect(world.uploads.get(demo, uploadId)).rejects.toMatchObject({ code: 'not_found' });
    await leftNothing();
  });
});

describe('a link', () => {
  test('is refused when anything in it was changed', async () => {
    const link = linkOf((await take()).url);
    const another = linkOf((await take()).url);
    const last = link.signature.at(-1) === 'A' ? 'B' : 'A';
    for (const changed of [
      { expires: link.expires + 1 },
      { id: another.id },
      { app: other },
      { signature: another.signature },
      { signature: '' },
      { signature: `${link.signature.slice(0, -1)}${last}` },
      { signature: `${link.signature}=` },
      { signature: `${link.signature}AAAA` },
    ]) {
      await expect(world.uploads.serve({ ...link, ...changed }), JSON.stringify(changed)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    await expect(world.uploads.serve(link)).resolves.toBeDefined();
  });

  test('is good until the time that it names, and a new one can be had', async () => {
    const { uploadId, url } = await take();
    await world.clock.advance(899_999);
    expect(await world.uploads.serve(linkOf(url))).toMatchObject({ goodForMs: 1 });
    await world.clock.advance(1);
    await expect(world.uploads.serve(linkOf(url))).rejects.toMatchObject({ code: 'forbidden' });
    const fresh = await world.uploads.get(demo, uploadId, 'alice');
    await expect(world.uploads.serve(linkOf(fresh.url))).resolves.toBeDefined();
  });

  test('to a deleted file leads nowhere', async () => {
    const { uploadId, url } = await take();
    await world.uploads.remove(demo, uploadId);
    await expect(world.uploads.serve(linkOf(url))).rejects.toMatchObject({ code: 'not_found' });
  });
});
