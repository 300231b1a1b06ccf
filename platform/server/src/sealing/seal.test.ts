// Sealed texts: what opens, what does not, and that texts of earlier versions still do where they must.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { asAppId } from '../ports/app-id.ts';
import { Sealer } from './seal.ts';

const demo = asAppId('demo');
const secret = 'a secret of the installation';
const schema = z.tuple([z.string(), z.number()]);
const sealer = new Sealer(secret, 'openings');
const open = (text: string, nowMs = 1000) => sealer.open(text, { schema, nowMs });

test('a sealed text opens to the app and the payload it was made from', () => {
  expect(open(sealer.seal(demo, ['x', 7]))).toEqual({ app: 'demo', payload: ['x', 7] });
});

test('a sealed text with a time opens up to that time and not after it', () => {
  const text = sealer.seal(demo, ['x', 7], { expiresAtMs: 1000 });
  expect(open(text, 1000)).toBeDefined();
  expect(open(text, 1001)).toBeUndefined();
});

test.each([
  ['empty', () => ''],
  ['not base64url', () => '!!!'],
  ['shorter than its tag', () => 'AAAA'],
  ['changed at its end', (text: string) => `${text.slice(0, -4)}AAAA`],
  ['changed in its tag', (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`],
  ['padded', (text: string) => `${text}=`],
  ['from another installation', () => new Sealer('another secret', 'openings').seal(demo, ['x', 7])],
  ['made for another purpose', () => new Sealer(secret, 'page cursors').seal(demo, ['x', 7])],
  ['of another shape', () => sealer.seal(demo, [7, 'x'])],
])('a text does not open when it is %s', (_, spoil) => {
  expect(open(spoil(sealer.seal(demo, ['x', 7])))).toBeUndefined();
});

describe('a signature beside its list', () => {
  const list = ['demo', 'u-1', 1_767_225_600];

  test('is good for exactly that list, purpose and installation', () => {
    const signature = sealer.sign(list);
    expect(sealer.isGenuine(list, signature)).toBe(true);
    expect(sealer.isGenuine([...list, 1], signature)).toBe(false);
    expect(new Sealer(secret, 'file links').isGenuine(list, signature)).toBe(false);
    expect(new Sealer('another secret', 'openings').isGenuine(list, signature)).toBe(false);
  });

  test.each([
    ['empty', () => ''],
    ['cut', (signature: string) => signature.slice(0, 21)],
    ['padded', (signature: string) => `${signature}=`],
    ['longer', (signature: string) => `${signature}AAAA`],
  ])('is refused when it is %s', (_, spoil) => {
    expect(sealer.isGenuine(list, spoil(sealer.sign(list)))).toBe(false);
  });
});

// Notifications lie on devices for a week and links on pages for minutes: both outlive an upgrade of the
// server.
describe('what version 0.1.0 made', () => {
  const hmac = (key: string | Buffer, text: string | Buffer): Buffer => createHmac('sha256', key).update(text).digest();

  test('still opens, when it is the token of an opened notification', () => {
    const body = Buffer.from(JSON.stringify(['demo', 'x', 7, 5000]));
    const tag = hmac(hmac(secret, 'openings'), body).subarray(0, 16);
    expect(open(Buffer.concat([tag, body]).toString('base64url'))).toEqual({ app: 'demo', payload: ['x', 7] });
  });

  test('is still genuine, when it is the link of a file', () => {
    const list = ['demo', 'u-1', 1_767_225_600];
    const signature = hmac(hmac(secret, 'file links'), JSON.stringify(list)).toString('base64url');
    expect(new Sealer(secret, 'file links').isGenuine(list, signature)).toBe(true);
  });
});
