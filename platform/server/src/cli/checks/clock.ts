// Whether the machine's clock can be believed: tokens and times stand on it.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './check.ts';

/** No machine that runs this version is older. */
const earliestMs = Date.UTC(2025, 0, 1);
/** Another machine's clock may have written the file, e.g. over a network disk. */
const leewayMs = 60_000;

export async function checkClock(dataDir: string, nowMs: number): Promise<Check[]> {
  const name = 'clock';
  const advice = 'set it, and keep it right with NTP: tokens would be refused, and times in messages be wrong';
  const now = new Date(nowMs).toISOString();
  if (nowMs < earliestMs) return [{ name, state: 'problem', detail: `${now} is in the past`, advice }];
  const written = await lastWritten(join(dataDir, 'belfry.db'));
  if (written !== undefined && written > nowMs + leewayMs) {
    const detail = `${now} is before the data file was last written, ${new Date(written).toISOString()}`;
    return [{ name, state: 'problem', detail, advice }];
  }
  return [{ name, state: 'ok', detail: now }];
}

async function lastWritten(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
