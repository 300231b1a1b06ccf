// Uploads over a whole server: a picture from one user to another, downloads, and the parts of a message that
// may name an upload (docs/uploads.md).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey } from '../support/provision.ts';
import * as files from '../support/sample-files.ts';
import { SocketClient } from '../support/socket-client.ts';
import { otherKey, startUploadServer } from '../support/upload-server.ts';

let world: Awaited<ReturnType<typeof startUploadServer>>;
let server: (typeof world)['server'];
let alice: string;
let bob: string;
beforeAll(async () => {
  world = await startUploadServer();
  ({ server, alice, bob } = world);
});
afterAll(() => server.stop());

const upload: (typeof world)['upload'] = (...args) => world.upload(...args);
const answerOf: (typeof world)['answerOf'] = (...args) => world.answerOf(...args);

const { png, gifAndScript, svg, pdf, opus, docx } = files;

describe('a picture', () => {
  test('goes from one user to another: uploaded, sent over the WebSocket, downloaded by its recipient', async () => {
    const [sender, receiver] = [
      await SocketClient.connect(server, { userId: 'alice' }),
      await SocketClient.connect(server, { userId: 'bob' }),
    ];
    const { status, body } = await upload(png, { name: '左膝.png', type: 'image/png' });
    expect(status).toBe(201);
    expect(body).toEqual({
      uploadId: expect.any(String),
      userId: 'alice',
      name: '左膝.png',
      type: 'image/png',
      bytes: png.length,
      url: expect.stringContaining(`${server.url}/files/`),
      expiresAt: expect.any(String),
      createdAt: expect.any(String),
    });
    const { uploadId } = body;
    expect((await server.api('GET', `/uploads/${String(uploadId)}`, undefined, bob)).status).toBe(404);

    const content = { uploadId, caption: 'before', name: '左膝.png', width: 1, height: 1 };
    const answer = await sender.ask('message', { conversationId: 'c1', cid: 'p-1', type: 'image', content });
    expect(answer.ok).toBe(true);
    const event = await receiver.event('new_message');
    expect(event.data).toMatchObject({ type: 'image', content });

    const got = await server.api('GET', `/uploads/${String(uploadId)}`, undefined, bob);
    expect(got).toMatchObject({ status: 200, body: { uploadId, name: '左膝.png', bytes: png.length } });
    const file = await fetch(String(got.body['url']));
    expect(Buffer.from(await file.arrayBuffer()).equals(png)).toBe(true);
    expect(file.headers.get('content-type')).toBe('image/png');
    const eve = await server.tokenOf('eve');
    expect((await server.api('GET', `/uploads/${String(uploadId)}`, undefined, eve)).status).toBe(404);

    // Sent again it is the same message, and uses the picture no second time.
    const again = await sender.ask('message', { conversationId: 'c1', cid: 'p-1', type: 'image', content });
    expect(again.data).toMatchObject({ duplicate: true });
    expect((await server.api('DELETE', `/uploads/${String(uploadId)}`, undefined, alice)).status).toBe(409);
    await sender.ask('delete_message', { messageId: answer.data['messageId'] });
    expect((await server.api('GET', `/uploads/${String(uploadId)}`, undefined, bob)).status).toBe(404);
    expect((await server.api('DELETE', `/uploads/${String(uploadId)}`, undefined, alice)).status).toBe(204);
    expect((await fetch(String(got.body['url']))).status).toBe(404);
    await Promise.all([sender.close(), receiver.close()]);
  });

  test('is uploaded by the back end for a user, who is named before or behind the file', async () => {
    for (const given of [{ fields: { userId: 'bob' } }, { after: { userId: 'bob' } }]) {
      const { status, body } = await upload(png, { as: apiKey, ...given });
      expect([status, body['userId']]).toEqual([201, 'bob']);
      const content = { uploadId: body['uploadId'] };
      const sent = await server.api('POST', '/chat/c1/send', { senderId: 'bob', type: 'image', content });
      expect(sent.status).toBe(201);
    }
  });

  test('of a message that is edited to another one is let go of', async () => {
    const [first, second] = [(await upload(png)).body['uploadId'], (await upload(png)).body['uploadId']];
    const content = { uploadId: first };
    const sent = await server.api('POST', '/chat/c1/send', { type: 'image', content }, alice);
    const edited = await server.api(
      'PATCH',
      `/messages/${String(sent.body['messageId'])}`,
      { content: { uploadId: second } },
      alice,
    );
    expect(edited.status).toBe(200);
    expect((await server.api('DELETE', `/uploads/${String(first)}`, undefined, alice)).status).toBe(204);
    expect((await server.api('GET', `/uploads/${String(second)}`, undefined, bob)).status).toBe(200);
    const theirs = (await upload(png, { as: bob })).body['uploadId'];
    const stolen = await server.api(
      'PATCH',
      `/messages/${String(sent.body['messageId'])}`,
      { content: { uploadId: theirs } },
      alice,
    );
    expect(stolen).toMatchObject({ status: 422, body: { code: 'invalid_content', path: ['content', 'uploadId'] } });
  });
});

test('voice, file, location and card are message types too', async () => {
  const voice = await upload(opus, { name: 'note.opus', type: 'audio/ogg' });
  const file = await upload(docx, { name: '报告.docx' });
  const messages: [type: string, content: Record<string, unknown>][] = [
    ['voice', { uploadId: voice.body['uploadId'], durationMs: 3000 }],
    ['file', { uploadId: file.body['uploadId'], name: '报告.docx', bytes: docx.length }],
    ['location', { latitude: 31.2, longitude: 121.5 }],
    ['card', { title: 'Appointment', actions: [{ label: 'Open', url: 'https://clinic.example/' }] }],
  ];
  for (const [type, content] of messages) {
    const sent = await server.api('POST', '/chat/c1/send', { type, content }, alice);
    expect([type, sent.status, sent.body['detail']]).toEqual([type, 201, undefined]);
  }
});

describe('a message', () => {
  const notThere = '018f0000-0000-7000-8000-000000000001';
  const send = (type: string, content: Record<string, unknown>, as = alice) =>
    server.api('POST', '/chat/c1/send', { type, content }, as);

  test.each<[what: string, attempt: () => Promise<{ status: number; body: Record<string, unknown> }>, field: string]>([
    ['an upload that is not there', () => send('image', { uploadId: notThere }), 'uploadId'],
    [
      "another user's upload",
      async () => send('image', { uploadId: (await upload(png)).body['uploadId'] }, bob),
      'uploadId',
    ],
    [
      "another app's upload",
      async () => {
        const { body } = await upload(png, { as: otherKey, fields: { userId: 'alice' } });
        await server.api('GET', `/uploads/${String(body['uploadId'])}`, undefined, otherKey);
        return send('image', { uploadId: body['uploadId'] });
      },
      'uploadId',
    ],
    [
      'an upload of another type',
      async () => send('image', { uploadId: (await upload(pdf, { name: 'a.pdf' })).body['uploadId'] }),
      'uploadId',
    ],
    [
      'another name than the upload has',
      async () => send('file', { uploadId: (await upload(pdf, { name: 'a.pdf' })).body['uploadId'], name: 'b.pdf' }),
      'name',
    ],
    ['an address elsewhere', () => send('image', { uploadId: 'https://elsewhere.example/a.png' }), 'uploadId'],
  ])('that names %s is refused with the path', async (_what, attempt, field) => {
    const { status, body } = await attempt();
    expect([status, body['code'], body['path']]).toEqual([422, 'invalid_content', ['content', field]]);
  });

  test('of a page without the feature is refused before its upload is looked for', async () => {
    const admin = await SocketClient.connect(server, { userId: 'alice', page: '/admin' });
    const answer = await admin.ask('message', {
      conversationId: 'c1',
      cid: 'x',
      type: 'image',
      content: { uploadId: notThere },
    });
    expect(answer.error?.code).toBe('feature_disabled');
    await admin.close();
  });
});

describe('a download', () => {
  const content = Buffer.from(Array.from({ length: 100_000 }, (_, n) => 97 + (n % 26)));
  let url: string;
  beforeAll(async () => {
    url = String((await upload(content, { name: '长.txt' })).body['url']);
  });
  const get = (headers: Record<string, string> = {}, method = 'GET') => fetch(url, { headers, method });
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  test('is whole, and says so', async () => {
    const whole = await get();
    expect(whole.status).toBe(200);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-length': '100000',
      'content-type': 'text/plain',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': expect.stringMatching(/^private, max-age=\d+$/),
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    });
    expect(whole.headers.get('content-encoding')).toBeNull();
    expect((await bytesOf(whole)).equals(content)).toBe(true);
  });

  test.each([
    ['bytes=0-9', 0, 9],
    ['bytes=99990-', 99_990, 99_999],
    ['bytes=-5', 99_995, 99_999],
    ['bytes=500-999999', 500, 99_999],
  ])('of %s is that part', async (range, from, to) => {
    const part = await get({ range });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to}/100000`]);
    expect((await bytesOf(part)).equals(content.subarray(from, to + 1))).toBe(true);
  });

  test('of a part that is not there is 416', async () => {
    const none = await get({ range: 'bytes=100000-' });
    expect([none.status, none.headers.get('content-range')]).toEqual([416, 'bytes */100000']);
  });

  test('of what the client has is 304, of a part of something else the whole', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('etag') ?? '';
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    expect(await bytesOf(await get({ range: 'bytes=0-9', 'if-range': etag }))).toHaveLength(10);
    expect(await bytesOf(await get({ range: 'bytes=0-9', 'if-range': '"other"' }))).toHaveLength(content.length);
  });

  test('is asked about without being sent', async () => {
    const head = await get({}, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '100000']);
    expect(await head.text()).toBe('');
  });

  test('is refused with a link that was changed, is of another app, or of nothing', async () => {
    const later = url.replace(/expires=(\d+)/, (_all, expires: string) => `expires=${Number(expires) + 60}`);
    const attempts = [
      later,
      url.replace('app=demo', 'app=other'),
      url.replace('app=demo', 'app=nope'),
      url.replace(/signature=.*/, ''),
      url.replace(/signature=./, 'signature=!'),
      url.replace(/files\/[0-9a-f]/, 'files/f'),
      `${url}&app=other`,
      url.replace(/expires=\d+/, 'expires=1e99'),
    ];
    for (const attempt of attempts) {
      const refused = await answerOf(fetch(attempt));
      expect([refused.status, refused.body['code']], attempt).toEqual([403, 'forbidden']);
    }
  });

  test('of a picture is shown in place, of one that is a script too as the picture that it is', async () => {
    const { body } = await upload(gifAndScript, { name: 'a.gif' });
    const file = await fetch(String(body['url']));
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': 'inline; filename="a.gif"',
      'x-content-type-options': 'nosniff',
    });
  });

  test('of a page or a drawing is never shown in place, even where an app takes them', async () => {
    await server.api('GET', '/conversations', undefined, otherKey);
    const { body } = await upload(svg.subarray(0, 60), { name: 'a.svg', as: otherKey, fields: { userId: 'a' } });
    const file = await fetch(String(body['url']));
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="a.svg"');
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('holds nothing up when the client leaves half-way', async () => {
    const control = new AbortController();
    const begun = await fetch(url, { signal: control.signal });
    control.abort();
    await expect(begun.text()).rejects.toThrow();
    expect(await bytesOf(await get())).toHaveLength(content.length);
  });
});

test('a file that was uploaded and sent is there after a restart, with the same link', async () => {
  const { body } = await upload(png);
  await server.api('POST', '/chat/c1/send', { type: 'image', content: { uploadId: body['uploadId'] } }, alice);
  await server.restart();
  const link = new URL(String(body['url']));
  const file = await fetch(`${server.url}${link.pathname}${link.search}`);
  expect(Buffer.from(await file.arrayBuffer()).equals(png)).toBe(true);
});
