import { expect, test } from 'vitest';
import { Progress } from './progress.ts';

function onTerminal(columns: number | undefined) {
  let nowMs = 0;
  const written: string[] = [];
  const write = (text: string): void => void written.push(text);
  const terminal = columns === undefined ? undefined : { write, columns };
  const progress = new Progress({ err: write, terminal }, () => nowMs);
  const label = 'copying messages';
  return {
    written,
    progress,
    at(ms: number, done: number): void {
      nowMs = ms;
      progress.show({ label, done, total: 1000 });
    },
  };
}

test('a bar is drawn over itself on a terminal, with the rate and the time left, and taken away at the end', () => {
  const { at, written, progress } = onTerminal(120);
  at(0, 0);
  at(100, 10);
  at(1000, 500);
  expect(written).toEqual([
    '\r[############............] 50 % of 1000, 500 a second, 1 s left: copying messages\u001B[K',
  ]);
  progress.end();
  expect(written.at(-1)).toBe('\r\u001B[K');
});

test('a narrow terminal gets no more than its width', () => {
  const { at, written } = onTerminal(30);
  at(0, 0);
  at(1000, 500);
  expect(written.at(-1)?.replaceAll(/\r|\u001B\[K/g, '')).toHaveLength(29);
});

test('elsewhere a line is written every ten seconds', () => {
  const { at, written, progress } = onTerminal(undefined);
  for (let second = 0; second <= 25; second += 1) at(second * 1000, second);
  progress.end();
  expect(written).toEqual([
    '1 % of 1000, 1 a second, 16 min 30 s left: copying messages',
    '2 % of 1000, 1 a second, 16 min 20 s left: copying messages',
  ]);
});

test('the work of an earlier run says nothing of the rate', () => {
  const { at, written } = onTerminal(120);
  at(0, 400);
  at(10_000, 500);
  expect(written.at(-1)).toContain('10 a second, 50 s left');
});
