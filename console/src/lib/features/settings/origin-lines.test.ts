import { expect, test } from 'vitest';
import { originLines, originsOf } from './origin-lines.ts';

test('origins that are pasted from anywhere are read, each once', () => {
  const text = ' https://shop.example/\nhttps://a.example, https://b.example;https://shop.example\n\n*';
  expect(originsOf(text)).toEqual(['https://shop.example', 'https://a.example', 'https://b.example', '*']);
  expect(originsOf('')).toEqual([]);
});

test('what is shown is read back as it was', () => {
  const origins = ['https://a.example', 'http://localhost:5173'];
  expect(originsOf(originLines(origins))).toEqual(origins);
});
