// The contrast of every pair of colours that the design names, computed from the style sheet itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../app.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);
const white = { light: '#ffffff', dark: '#ffffff' };

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const text = 4.5;
const control = 3;
const tones = ['good', 'info', 'warn', 'bad', 'off'];

const pairs: [name: string, on: string, atLeast: number][] = [
  ...['surface', 'raised', 'selected', 'ground'].map((on): [string, string, number] => ['text', on, text]),
  ...['surface', 'raised', 'selected', 'ground'].map((on): [string, string, number] => ['quiet', on, text]),
  ...['surface', 'ground', 'raised', 'selected'].map((on): [string, string, number] => ['line-strong', on, control]),
  ...['surface', 'ground', 'accent-soft', 'raised', 'selected'].map((on): [string, string, number] => [
    'accent',
    on,
    text,
  ]),
  ['white', 'accent-ground', text],
  ['white', 'danger-ground', text],
  ...tones.flatMap((tone): [string, string, number][] => [
    [tone, 'surface', text],
    [tone, `${tone}-soft`, text],
  ]),
];

test.each(pairs)('%s can be told from %s in both themes', (name, on, atLeast) => {
  const front = name === 'white' ? white : tokens.get(name);
  const back = tokens.get(on);
  expect(front && back, `${name} or ${on} is not in the style sheet`).toBeTruthy();
  if (!front || !back) return;
  expect.soft(contrast(front.light, back.light)).toBeGreaterThanOrEqual(atLeast);
  expect.soft(contrast(front.dark, back.dark)).toBeGreaterThanOrEqual(atLeast);
});

test('the ratios are those of the formula', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#161b26', '#ffffff')).toBeCloseTo(17.23, 2);
});
