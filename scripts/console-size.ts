// How many bytes of the console go over the wire before each screen is there, packed with brotli, and which of
// them are too many. Reads console/dist and builds nothing.
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'rolldown/utils';

const built = fileURLToPath(new URL('../console/dist', import.meta.url));

export interface ScreenSize {
  /** The route, or `shell` for what every screen stands in. */
  screen: string;
  bytes: number;
  /** More is too large. */
  mostBytes: number;
}

const kibibyte = 1024;
const shellBytes = 120 * kibibyte;
const screenBytes = 200 * kibibyte;

/** The largest first, below the shell. Rejects when there is no build. */
export async function measureConsole(dist = built): Promise<ScreenSize[]> {
  const folder = join(dist, '_app/immutable');
  const [entries, nodes, assets] = await Promise.all(
    ['entry', 'nodes', 'assets'].map((name) => readdir(join(folder, name))),
  );
  const start = (entries ?? []).filter((name) => name.endsWith('.js')).map((name) => `entry/${name}`);
  const styles = (assets ?? []).filter((name) => name.endsWith('.css')).map((name) => `assets/${name}`);
  const nodeOf = (number: number): string[] =>
    (nodes ?? [])
      .filter((name) => name.startsWith(`${number}.`) && name.endsWith('.js'))
      .map((name) => `nodes/${name}`);
  const app = await readFile(join(folder, start.find((name) => name.startsWith('entry/app.')) ?? ''), 'utf8');
  const weigh = (files: readonly string[]): Promise<number> => weightOf(folder, files);

  const routes = routesOf(app);
  const layouts = routes.find(({ route }) => route.startsWith('/(in)'))?.layouts ?? [];
  const around = [...start, ...styles, ...nodeOf(0)];
  const shell = await weigh([...around, ...layouts.flatMap(nodeOf)]);
  const screens = await Promise.all(
    routes.map(async ({ route, leaf, layouts: own }) => ({
      screen: route.replaceAll(/\/\([^)]*\)/g, '') || '/',
      bytes: await weigh([...around, ...own.flatMap(nodeOf), ...nodeOf(leaf)]),
      mostBytes: screenBytes,
    })),
  );
  screens.sort((a, b) => b.bytes - a.bytes);
  return [{ screen: 'shell', bytes: shell, mostBytes: shellBytes }, ...screens];
}

export function isTooLarge({ bytes, mostBytes }: ScreenSize): boolean {
  return bytes > mostBytes;
}

export function consoleTable(sizes: readonly ScreenSize[]): string {
  const kib = (bytes: number): string => (bytes / kibibyte).toFixed(1);
  return sizes
    .map((size) => {
      const verdict = isTooLarge(size) ? 'TOO LARGE: more than' : 'good: at most';
      return `${`console ${size.screen}`.padEnd(38)} ${kib(size.bytes).padStart(7)} KiB brotli  ${verdict} ${kib(size.mostBytes)} KiB`;
    })
    .join('\n');
}

/** From the table of routes that SvelteKit writes: `"/(in)/t/[tenant]/apps":[8,[2]]`. */
function routesOf(app: string): { route: string; leaf: number; layouts: number[] }[] {
  return [...app.matchAll(/"(\/[^"]*)":\[~?(-?\d+)(?:,\[([\d,]*)\])?/g)].map(
    ([, route = '', leaf = '', layouts = '']) => ({
      route,
      leaf: Number(leaf),
      layouts: layouts.split(',').filter(Boolean).map(Number),
    }),
  );
}

async function weightOf(folder: string, files: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  const waiting = [...files];
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const path = join(folder, file);
    const content = await readFile(path);
    const packed = await readFile(`${path}.br`).catch(() => content);
    bytes += packed.byteLength;
    if (file.endsWith('.js')) waiting.push(...importsOf(content.toString(), file));
  }
  return bytes;
}

/** Static imports alone: what `import()` names is loaded when it is needed. A text that shows code has none. */
function importsOf(code: string, file: string): string[] {
  return parseSync(file, code).program.body.flatMap((statement) => {
    const source = 'source' in statement ? statement.source?.value : undefined;
    return typeof source === 'string' ? [normalize(join(dirname(file), source))] : [];
  });
}
