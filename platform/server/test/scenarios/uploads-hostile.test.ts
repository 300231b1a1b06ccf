// The answers to broken or hostile uploads, each with a check of what is left: nothing (docs/uploads.md).

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKey } from '../support/provision.ts';
import * as files from '../support/sample-files.ts';
import { maxBytes, otherKey, startUploadServer } from '../support/upload-server.ts';

let world: Awaited<ReturnType<typeof startUploadServer>>;
let server: (typeof world)['server'];
let alice: string;
beforeAll(async () => {
  world = await startUploadServer();
  ({ server, alice } = world);
});
afterAll(() => server.stop());

const upload: (typeof world)['upload'] = (...args) => world.upload(...args);
const answerOf: (typeof world)['answerOf'] = (...args) => world.answerOf(...args);
const kept: (typeof world)['kept'] = (...args) => world.kept(...args);
const raw: (typeof world)['raw'] = (...args) => world.raw(...args);
const rawForm: (typeof world)['rawForm'] = (...args) => world.rawForm(...args);

const { png, html, svg } = files;

describe('a broken or hostile upload is refused, with nothing left of it:', () => {
  const text = (bytes: number) => Buffer.alloc(bytes, 'x');
  const rows: [what: string, attempt: () => ReturnType<typeof upload>, status: number, code: string][] = [
    ['one over the limit', () => upload(text(maxBytes + 1), { name: 'a.txt' }), 413, 'too_large'],
    ['one far over the limit', () => upload(text(8_000_000), { name: 'a.txt' }), 413, 'too_large'],
    [
      'a type that is not allowed',
      () => upload(html, { name: 'a.html', type: 'text/html' }),
      415,
      'unsupported_media_type',
    ],
    [
      'a drawing with a script',
      () => upload(svg, { name: 'a.svg', type: 'image/svg+xml' }),
      415,
      'unsupported_media_type',
    ],
    ['a page called a picture', () => upload(html, { type: 'image/png' }), 415, 'unsupported_media_type'],
    [
      'a page called text, by its name',
      () => upload(html, { name: 'a.html', type: 'text/plain' }),
      415,
      'unsupported_media_type',
    ],
    ['a picture called a document', () => upload(png, { name: 'a.pdf' }), 415, 'unsupported_media_type'],
    [
      'a picture with the name of a program',
      () => upload(png, { name: 'a.png.exe', type: 'image/png' }),
      415,
      'unsupported_media_type',
    ],
    [
      'a name that reads backwards',
      () => upload(png, { name: 'invoice\u202Egnp.exe', type: 'image/png' }),
      415,
      'unsupported_media_type',
    ],
    ['a name with a NUL', () => upload(html, { name: 'a.png\0.html', type: 'image/png' }), 400, 'bad_request'],
    ['no file', () => upload(png, { field: 'other' }), 422, 'invalid_body'],
    ['a field that is unknown', () => upload(png, { after: { folder: '/etc' } }), 422, 'invalid_body'],
    ['a field twice as long as any', () => upload(png, { after: { userId: 'x'.repeat(3000) } }), 422, 'invalid_body'],
    ['a prototype', () => upload(png, { fields: { __proto__x: '1' } }), 422, 'invalid_body'],
    ['a second file', () => uploadTwo(), 422, 'invalid_body'],
    ["another user's name", () => upload(png, { after: { userId: 'bob' } }), 403, 'forbidden'],
    ['an API key that says for nobody', () => upload(png, { as: apiKey }), 422, 'invalid_body'],
    [
      'an API key that says for a visitor',
      () => upload(png, { as: apiKey, fields: { userId: 'visitor:x' } }),
      422,
      'invalid_body',
    ],
    ['nobody', () => upload(png, { as: 'bk_nope' }), 401, 'unauthorized'],
    [
      'an app that takes none',
      () => upload(png, { as: otherKey.replace('other', 'none'), fields: { userId: 'a' } }),
      403,
      'forbidden',
    ],
    ['no form', () => notAForm('{}', 'application/json'), 415, 'unsupported_media_type'],
    [
      'a form of the other kind',
      () => notAForm('file=x', 'application/x-www-form-urlencoded'),
      415,
      'unsupported_media_type',
    ],
    ['a form without a boundary', () => notAForm('x', 'multipart/form-data'), 400, 'bad_request'],
    ['a form that is none', () => notAForm('junk', 'multipart/form-data; boundary=x'), 400, 'bad_request'],
  ];

  test.each(rows)('%s', async (_what, attempt, status, code) => {
    const before = await kept();
    const answer = await attempt();
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(await kept()).toEqual(before);
  });

  test('beyond the quota: earlier files stay, and space comes back', async () => {
    const asOther = { as: otherKey, fields: { userId: 'alice' }, name: 'a.txt' };
    const used = await quotaLeft();
    const first = await upload(Buffer.alloc(used, 'x'), asOther);
    expect(first.status).toBe(201);
    const before = await kept();
    expect(await upload(Buffer.alloc(1, 'x'), asOther)).toMatchObject({
      status: 413,
      body: { code: 'quota_exceeded' },
    });
    expect(await kept()).toEqual(before);
    expect((await server.api('DELETE', `/uploads/${String(first.body['uploadId'])}`, undefined, otherKey)).status).toBe(
      204,
    );
    expect((await upload(Buffer.alloc(1, 'x'), asOther)).status).toBe(201);
  });

  async function quotaLeft(): Promise<number> {
    const sizes = (await world.uploads(['other'])).map(({ bytes }) => Number(bytes));
    return 150 - sizes.reduce((sum, bytes) => sum + bytes, 0);
  }

  test.each([10, 200, 100_000])('interrupted after %i bytes', async (bytes) => {
    const [before, refused] = [await kept(), await refusedUploads()];
    const [head, body] = rawForm(text(150_000));
    await raw([head, body.subarray(0, bytes)], true);
    await expect.poll(refusedUploads, { interval: 10, timeout: 10_000 }).toBe(refused + 1);
    expect(await kept()).toEqual(before);
  });

  /** Counted when the request has ended, also when nobody is there to be answered. */
  async function refusedUploads(): Promise<number> {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const line = /^belfry_http_requests_total\{route="\/api\/v1\/uploads",method="POST",status="400"\} (\d+)$/m.exec(
      metrics,
    );
    return Number(line?.[1] ?? 0);
  }

  test('with an end before its boundary', async () => {
    const before = await kept();
    const [head, body] = rawForm(text(1000), { declaredBytes: 900 });
    const heard = await raw([
      head,
      body.subarray(0, 900),
      Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ]);
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard).toMatch(/"code":"bad_request"/);
    // The connection is in order: what came behind is answered.
    expect(heard).toMatch(/HTTP\/1\.1 200 /);
    expect(await kept()).toEqual(before);
  });

  test('a body that is no upload and does not come is 408 in time, an upload may take longer', async () => {
    const half = 'Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"t';
    const line = `PUT /api/v1/conversations/c9 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\n`;
    const [head, body] = rawForm(text(1000));
    const slow = new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let heard = '';
      socket.on('data', (chunk) => {
        heard += String(chunk);
        socket.destroy();
      });
      socket.on('close', () => resolve(heard));
      socket.write(head);
      socket.write(body.subarray(0, 500));
      // The other one has been given up by then.
      void raw([Buffer.from(line + half)]).then((other) => {
        expect(other).toMatch(/^HTTP\/1\.1 408 /);
        socket.write(body.subarray(500));
      });
    });
    expect(await slow).toMatch(/^HTTP\/1\.1 201 /);
  });

  async function uploadTwo() {
    const two = new FormData();
    two.append('file', new Blob([new Uint8Array(png)]), 'a.png');
    two.append('file', new Blob([new Uint8Array(png)]), 'b.png');
    return await answerOf(
      fetch(`${server.url}/api/v1/uploads`, {
        method: 'POST',
        headers: { authorization: `Bearer ${alice}` },
        body: two,
      }),
    );
  }

  async function notAForm(body: string, type: string) {
    const headers = { authorization: `Bearer ${alice}`, 'content-type': type };
    return await answerOf(fetch(`${server.url}/api/v1/uploads`, { method: 'POST', headers, body }));
  }
});

describe('names of files', () => {
  test.each([
    ['../../../../etc/passwd.txt', 'passwd.txt'],
    ['..\\..\\boot.txt', 'boot.txt'],
    ['化验 报告（终）.txt', '化验 报告（终）.txt'],
    ['naïve 😀.txt', 'naïve 😀.txt'],
    ['a"; filename="b.txt', 'a%22; filename=%22b.txt'], // as every browser writes quotes
    ['.txt', 'txt'],
  ])('%s is kept as %s, and never part of a path', async (given, name) => {
    const { status, body } = await upload(Buffer.from('x'), { name: given });
    expect([status, body['name']]).toEqual([201, name]);
    const file = await fetch(String(body['url']));
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename/);
    const encoded = /filename\*=UTF-8''([^;]+)/.exec(file.headers.get('content-disposition') ?? '')?.[1];
    if (encoded !== undefined) expect(decodeURIComponent(encoded)).toBe(name);
  });
});
