// A folder for one test, gone when the test is. Not for data that outlives a test.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  path: string;
  remove(): void;
}

export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'belfry-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
