import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectBelfry, type StartedBelfry } from '../../test/support/started-belfry.ts';
import { createUploads, type Uploads } from './uploads.ts';

const stored = {
  uploadId: '018f0000-0000-7000-8000-000000000001',
  name: 'a.txt',
  type: 'text/plain',
  bytes: 5,
};

let started: StartedBelfry;
let uploads: Uploads;
/** Answers to the next requests, the last one again and again. */
let answers: (() => Response)[];

beforeEach(async () => {
  started = await connectBelfry();
  answers = [() => Response.json(stored, { status: 201 })];
  started.virtual.answerHttp = ({ path }) => {
    if (path !== '/uploads') return undefined;
    const next = answers.length > 1 ? answers.shift() : answers[0];
    return next?.();
  };
  uploads = createUploads(started.belfry);
});
afterEach(async () => {
  uploads.stop();
  await started.belfry.stop();
});

const send = (): string => uploads.send('c1', new File(['hello'], 'a.txt', { type: 'text/plain' }), { caption: 'hi' });
const problem = (status: number, code: string): Response => Response.json({ code, detail: code }, { status });
const lost = (): never => {
  throw new TypeError('fetch failed');
};
const requests = (): number => started.virtual.requests.filter(({ url }) => url.endsWith('/uploads')).length;
const queued = (): unknown[] =>
  started.belfry.outbox.messages().map(({ cid, draft }) => [cid, draft.type, draft.content]);

it('sends a message that names the upload as the server knows it', async () => {
  const id = send();
  expect(uploads.snapshot()).toMatchObject([{ id, conversationId: 'c1', bytes: 5, state: 'uploading' }]);
  await started.virtual.clock.advance(0);
  expect(uploads.snapshot()).toEqual([]);
  expect(queued()).toEqual([[id, 'file', { ...stored, caption: 'hi' }]]);
});

it('waits without a connection, and goes on with the next one', async () => {
  answers.unshift(lost);
  started.virtual.socket().drop();
  send();
  await started.virtual.clock.advance(0);
  expect(uploads.snapshot()).toMatchObject([{ state: 'waiting' }]);
  await started.virtual.clock.advance(10_000);
  expect(requests()).toBe(1);
  started.virtual.socket().accept();
  await started.virtual.clock.advance(0);
  expect(requests()).toBe(2);
  expect(uploads.snapshot()).toEqual([]);
});

it('tries an upload again by itself where it may go better later', async () => {
  answers.unshift(() => problem(503, 'overloaded'), lost);
  send();
  await started.virtual.clock.advance(1000);
  await started.virtual.clock.advance(3000);
  expect(requests()).toBe(3);
  expect(uploads.snapshot()).toEqual([]);
});

it('shows an upload that was refused, and tries it again when asked to', async () => {
  answers.unshift(() => problem(413, 'too_large'));
  const id = send();
  await started.virtual.clock.advance(60_000);
  expect(uploads.snapshot()).toMatchObject([{ id, state: 'failed', error: { code: 'too_large' } }]);
  uploads.retry(id);
  expect(uploads.snapshot()[0]).not.toHaveProperty('error');
  await started.virtual.clock.advance(0);
  expect(uploads.snapshot()).toEqual([]);
  expect(queued()).toHaveLength(1);
});

it('sends nothing for an upload that was cancelled on its way', async () => {
  uploads.cancel(send());
  uploads.cancel('unknown');
  expect(uploads.snapshot()).toEqual([]);
  await started.virtual.clock.advance(10_000);
  expect(queued()).toEqual([]);
  expect(started.virtual.reported).toEqual([]);
});
