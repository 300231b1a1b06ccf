// The picture of a QR code.
import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { qrPath } from './qr-path.ts';

/** Draws a path into modules, as a browser would. */
function drawn(size: number, path: string): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x = '', y = '', width = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = Number(x); at < Number(x) + Number(width); at += 1) (rows[Number(y)] ?? [])[at] = true;
  }
  return rows;
}

test('the path has the very modules of the code', () => {
  const { data } = encode('otpauth://totp/Belfry:anna@clinic.example?secret=JBSWY3DPEHPK3PXP&issuer=Belfry', {
    border: 4,
  });
  const { size, path } = qrPath(data);
  expect(drawn(size, path)).toEqual(data);
  expect(path.length).toBeLessThan(12_000);
});
