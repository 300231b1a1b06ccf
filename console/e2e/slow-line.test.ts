// What bounds how long the shell takes over a slow line, on any machine: the files that it stands in, their bytes, and
// that the page names all of them, so that they come in one round trip. In seconds it is in slow-line.slow.ts.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureBrowserBuild } from '../../scripts/browser-build.ts';
import { shellScripts } from '../../scripts/console-size.ts';

const dist = join(import.meta.dirname, '../dist');
/** Of an answer: what no packing makes smaller. */
const headBytes = 900;
const line = { bytesPerSecond: 50_000, roundTripSeconds: 0.4 };
/** The page, what it names, who is signed in. */
const roundTrips = 3;
const mostSeconds = 5;

it(
  'the page names every script that the shell stands in, and they are few and small',
  { timeout: 120_000 },
  async () => {
    await ensureBrowserBuild({ say: () => undefined });
    const page = await readFile(join(dist, 'index.html'), 'utf8');
    const scripts = await shellScripts(dist);
    expect(scripts.filter((file) => !page.includes(`/console/${file}`))).toEqual([]);
    const styles = [...page.matchAll(/href="\/console\/([^"]+\.css)"/g)].map(([, file = '']) => file);
    expect(styles).toHaveLength(1);
    const files = [...scripts, ...styles];
    const sizeOf = async (file: string): Promise<number> => (await stat(join(dist, file))).size;
    // What is very small is not packed.
    const sizes = await Promise.all(files.map((file) => sizeOf(`${file}.br`).catch(() => sizeOf(file))));
    const bytes = sizes.reduce((sum, size) => sum + size + headBytes, 0);
    const seconds = bytes / line.bytesPerSecond + roundTrips * line.roundTripSeconds;
    expect(seconds, `${files.length} files, ${bytes} bytes`).toBeLessThan(mostSeconds);
  },
);
