// A node is one start of one process.

import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { newNodeName } from './node-name.ts';

test('starts with the same host name and the same process id are different nodes', () => {
  const names = Array.from({ length: 1000 }, newNodeName);
  expect(new Set(names).size).toBe(1000);
});

test('a name says on which machine and in which process the node runs', () => {
  expect(newNodeName().startsWith(`${hostname()}-${process.pid}-`)).toBe(true);
});
