// The memory that histories of many connections take: what connection-history.ts says of it.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { ConnectionHistory, mostKept } from './connection-history.ts';
import { makeSession, page, type TestSession } from './test/sessions.fixture.ts';

// All of the heap is collected several times.
vi.setConfig({ testTimeout: 60_000 });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

type Live = (session: TestSession, at: number) => void;

/**
 * Of each of so many connections with what `live` does to it, beside those without: the least of three times, since
 * what else comes to the heap meanwhile (compiled code, messages of the runner) may be as much as small histories.
 */
function bytesEach(many: number, live: Live): number {
  return Math.min(...Array.from({ length: 3 }, () => bytesOnce(many, live)));
}

function bytesOnce(many: number, live: Live): number {
  const sessions = Array.from({ length: many }, (_, at) => makeSession(`user-${at}`));
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const [at, session] of sessions.entries()) live(session, at);
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / many;
  expect(sessions.every(({ history }) => history instanceof ConnectionHistory)).toBe(true);
  return bytes;
}

function move(session: TestSession, to: string): void {
  const before = session.page;
  session.page = page(to);
  ConnectionHistory.moved(session, before, Date.UTC(2026, 0, 1) + 1000);
  session.page = before;
}

test('one that has resumed takes 200 bytes, and one that did more than is kept 8 KB, whatever its paths are', () => {
  const resumed = bytesEach(2000, (session) => ConnectionHistory.of(session).resumed([], Date.UTC(2026, 0, 1)));
  expect(resumed).toBeLessThan(220);
  // Many short paths, and fewer long ones, of letters that take two bytes.
  for (const letters of [18, 40, 190]) {
    const full = bytesEach(500, (session, at) => {
      for (let count = 0; count < mostKept + 10; count += 1) move(session, `/${at}/${count}/${'长'.repeat(letters)}`);
    });
    expect(full).toBeLessThan(8192);
  }
});
