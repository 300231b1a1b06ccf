// Keys in lists.
import { expect, test } from 'vitest';
import { listStep } from './list-keys.ts';

const onRow = { at: 3, last: 9, isOnRow: true, singleKeys: true };
const press = (key: string, place = onRow, shiftKey = false) => listStep({ key, shiftKey }, place);

test('the focus goes from row to row, and not beyond the first and the last', () => {
  for (const key of ['j', 'ArrowDown']) expect(press(key)).toEqual({ do: 'move', to: 4 });
  for (const key of ['k', 'ArrowUp']) expect(press(key)).toEqual({ do: 'move', to: 2 });
  expect(press('j', { ...onRow, at: 9 })).toEqual({ do: 'move', to: 9 });
  expect(press('k', { ...onRow, at: 0 })).toEqual({ do: 'move', to: 0 });
  expect(press('Home')).toEqual({ do: 'move', to: 0 });
  expect(press('End')).toEqual({ do: 'move', to: 9 });
});

test('from elsewhere on the screen a letter leads to the row of before, and what scrolls and presses is left alone', () => {
  const elsewhere = { ...onRow, isOnRow: false };
  expect(press('j', elsewhere)).toEqual({ do: 'move', to: 3 });
  expect(press('j', { ...elsewhere, at: -1 })).toEqual({ do: 'move', to: 0 });
  expect(press(']', elsewhere)).toEqual({ do: 'turn', by: 1 });
  expect(press('[', elsewhere)).toEqual({ do: 'turn', by: -1 });
  for (const key of ['Enter', ' ', 'ArrowDown', 'Home', 'End', 'o', 'x', '.']) {
    expect(press(key, elsewhere)).toBeUndefined();
  }
});

test('a row is opened, chosen, copied, and has a menu', () => {
  for (const key of ['Enter', ' ', 'o']) expect(press(key)).toEqual({ do: 'open' });
  expect(press('x')).toEqual({ do: 'choose', isRange: false });
  expect(press('X', onRow, true)).toEqual({ do: 'choose', isRange: true });
  expect(press('.')).toEqual({ do: 'menu' });
  expect(press('y')).toEqual({ do: 'copy' });
});

test('whoever switched single keys off still moves and opens by arrows and Enter', () => {
  const without = { ...onRow, singleKeys: false };
  for (const key of ['j', 'k', 'o', 'x', '.', 'y', '[', ']']) expect(press(key, without)).toBeUndefined();
  expect(press('ArrowDown', without)).toEqual({ do: 'move', to: 4 });
  expect(press('Enter', without)).toEqual({ do: 'open' });
});
