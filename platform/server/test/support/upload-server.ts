// A whole server with apps for uploads, and the calls that upload tests make: forms whole and cut, and a look
// at what is kept.

import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { putConversation } from './clinic.ts';
import { openStoredData } from './stored-data.ts';
import { startWholeServer } from './whole-server.ts';

/**
 * Of the app `other`, which may keep 150 bytes; with `none` in place of `other`, of the app without uploads.
 */
export const otherKey = 'bk_other_0123456789abcdef0123456789abcdef';
/** Of one upload in the app `demo`. */
export const maxBytes = 200_000;

export interface Sending {
  name?: string;
  type?: string;
  as?: string;
  /** Before the file; `after` behind it. */
  fields?: Record<string, string>;
  after?: Record<string, string>;
  field?: string;
}

/** `env` are further variables. */
export async function startUploadServer(env: Record<string, string> = {}) {
  const server = await startWholeServer({
    settings: { uploads: { maxBytes, quotaBytes: 2_000_000 } },
    env: { LIMIT_REQUEST_DEADLINE_MS: '700', LIMIT_UPLOAD_LINK_MS: '600000', ...env },
    moreTenants: [
      {
        id: 'others',
        apps: [
          {
            key: 'other',
            signingSecret: 'at-least-32-bytes-of-text-to-sign-tokens-with-too',
            apiKeys: [{ id: 'backend', secret: otherKey, scopes: ['*'] }],
            settings: { uploads: { quotaBytes: 150, types: ['*'] } },
          },
          {
            key: 'none',
            signingSecret: 'at-least-32-bytes-of-text-to-sign-tokens-with-three',
            apiKeys: [{ id: 'backend', secret: otherKey.replace('other', 'none'), scopes: ['*'] }],
            settings: { uploads: { enabled: false } },
          },
        ],
      },
    ],
  });
  const [alice, bob] = [await server.tokenOf('alice'), await server.tokenOf('bob')];
  await putConversation(server, 'c1', ['alice', 'bob']);
  await putConversation(server, 'c2', ['alice', 'carol']);
  return { server, alice, bob, upload, answerOf, kept, uploads, raw, rawForm };

  async function upload(content: Uint8Array, sending: Sending = {}) {
    const { name = 'a.png', type = '', as = alice, fields = {}, after = {}, field = 'file' } = sending;
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    form.append(field, new Blob([new Uint8Array(content)], { type }), name);
    for (const [key, value] of Object.entries(after)) form.append(key, value);
    return await answerOf(
      fetch(`${server.url}/api/v1/uploads`, { method: 'POST', headers: { authorization: `Bearer ${as}` }, body: form }),
    );
  }

  async function answerOf(call: Promise<Response>) {
    const response = await call;
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body, headers: response.headers };
  }

  /** Everything that is kept: files of the folder, also half ones, and rows. */
  async function kept() {
    const dir = join(server.server.dataDir, 'uploads');
    const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
    const rows = await uploads();
    return { files: names.filter((name) => statSync(join(dir, name)).isFile()).length, rows: rows.length };
  }

  async function uploads(apps?: readonly string[]) {
    const stored = await openStoredData(server);
    try {
      return await stored.rows('uploads', apps);
    } finally {
      await stored.close();
    }
  }

  /**
   * Writes these bytes as they are; resolves with all that came back when the server has closed, or `hangUp`
   * says to go.
   */
  function raw(bytes: Buffer[], hangUp = false): Promise<string> {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (heard += chunk));
    socket.on('error', () => undefined);
    for (const part of bytes) socket.write(part);
    if (hangUp) socket.write('', () => socket.destroy());
    return new Promise((resolve) => void socket.on('close', () => resolve(heard)));
  }

  /** A form as bytes, to be cut anywhere. */
  function rawForm(
    content: Buffer,
    { declaredBytes = 0, disposition = 'name="file"; filename="a.txt"' } = {},
  ): [Buffer, Buffer] {
    const head = `--x\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/plain\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--x--\r\n')]);
    const lines = [
      'POST /api/v1/uploads HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${alice}`,
      'Content-Type: multipart/form-data; boundary=x',
      `Content-Length: ${declaredBytes || body.length}`,
    ];
    return [Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body];
  }
}
