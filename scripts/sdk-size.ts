// How many bytes of the browser SDK go over the wire, gzipped, for each way to use it. Reads
// platform/client/dist and builds nothing.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const built = join(dirname(import.meta.dirname), 'platform/client/dist');

export interface SdkSize {
  /** A name for the files. */
  what: string;
  gzipBytes: number;
  /** Files the browser loads for it. */
  files: number;
  /** The size of each, largest first; a name has neither folder nor hash. */
  parts: readonly SdkPart[];
  /** Undefined where none was set. */
  reachBytes?: number;
}

export interface SdkPart {
  name: string;
  gzipBytes: number;
}

/**
 * The one bound that there is. `everything` has none, since no page loads all of it; what counts as which:
 * docs/decisions/014-size-of-the-sdk.md.
 */
const coreReachBytes = 12 * 1024;

/** Rejects when there is no build: `npm run build` makes one. */
export async function measureSdk(dist = built): Promise<SdkSize[]> {
  const weigh = (entries: readonly string[], which: Reach): Promise<Weight> => weighIn(dist, entries, which);
  const everything = ['index.js', 'chat.js', 'push.js', 'element.js'];
  return [
    { what: 'core', ...(await weigh(['index.js'], 'static')), reachBytes: coreReachBytes },
    { what: 'core and chat', ...(await weigh(['index.js', 'chat.js'], 'static')) },
    // React's and Svelte's wrappers are on top: nobody has both.
    { what: 'everything', ...(await weigh(everything, 'all')) },
    { what: 'everything and react', ...(await weigh([...everything, 'react.js'], 'all')) },
    { what: 'everything and svelte', ...(await weigh([...everything, 'svelte.js'], 'all')) },
    { what: 'script tag', ...(await weigh(['belfry.global.js'], 'static')) },
    { what: 'service worker', ...(await weigh(['belfry-service-worker.js'], 'static')) },
  ];
}

export function sizeTable(sizes: readonly SdkSize[]): string {
  return sizes
    .map(({ what, gzipBytes, files, parts, reachBytes }) => {
      const reach =
        reachBytes === undefined
          ? ''
          : `  ${gzipBytes > reachBytes ? 'TOO LARGE: more than' : 'good: at most'} ${kilobytes(reachBytes)}`;
      return `${what.padEnd(22)} ${kilobytes(gzipBytes).padStart(9)} gzip in ${String(files).padStart(2)} ${files === 1 ? 'file ' : 'files'}${reach}${what === 'everything' ? partLines(parts) : ''}`;
    })
    .join('\n');
}

function partLines(parts: readonly SdkPart[]): string {
  return parts.map(({ name, gzipBytes }) => `\n  ${name.padEnd(20)} ${kilobytes(gzipBytes).padStart(9)}`).join('');
}

/** `static`: loaded before the first line runs; `all`: also what is loaded when it is needed. */
type Reach = 'static' | 'all';

type Weight = Pick<SdkSize, 'gzipBytes' | 'files' | 'parts'>;

async function weighIn(dist: string, entries: readonly string[], which: Reach): Promise<Weight> {
  const seen = new Set<string>();
  const waiting = [...entries];
  const parts: SdkPart[] = [];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = await readFile(join(dist, file));
    const { byteLength: gzipBytes } = await promisify(gzip)(code, { level: 9 });
    parts.push({ name: basename(file, '.js').replace(/-[\w-]{8}$/, ''), gzipBytes });
    waiting.push(...importsOf(code.toString(), which).map((path) => normalize(join(dirname(file), path))));
  }
  parts.sort((a, b) => b.gzipBytes - a.gzipBytes);
  return { gzipBytes: parts.reduce((sum, part) => sum + part.gzipBytes, 0), files: parts.length, parts };
}

/** Reads the bundler's minified output only: relative imports in quotes or back ticks. */
function importsOf(code: string, which: Reach): string[] {
  const statics = code.matchAll(/\b(?:from|import)\s*["'](\.[^"']+)["']/g);
  const dynamics = which === 'all' ? code.matchAll(/\bimport\(\s*["'`](\.[^"'`]+)["'`]/g) : [];
  return [...statics, ...dynamics].map(([, path = '']) => path);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KiB`;
}
