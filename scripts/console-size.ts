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

interface Route {
  route: string;
  /** Numbers of its nodes. */
  leaf: number;
  layouts: number[];
}

const kibibyte = 1024;
const shellBytes = 120 * kibibyte;
const screenBytes = 200 * kibibyte;

/** The largest first, below the shell. Rejects when there is no build. */
export async function measureConsole(dist = built): Promise<ScreenSize[]> {
  const { folder, around, shell, routes, nodesOf } = await readBuild(dist);
  const weigh = async (files: readonly string[]): Promise<number> => await weightOf(folder, files);
  const screens = await Promise.all(
    routes.map(async ({ route, leaf, layouts }) => ({
      screen: route.replaceAll(/\/\([^)]*\)/g, '') || '/',
      bytes: await weigh([...around, ...layouts.flatMap(nodesOf), ...nodesOf(leaf)]),
      mostBytes: screenBytes,
    })),
  );
  screens.sort((a, b) => b.bytes - a.bytes);
  return [{ screen: 'shell', bytes: await weigh(shell), mostBytes: shellBytes }, ...screens];
}

/** The scripts that every screen stands in, below the folder of the build; what is shown where one fails, too. */
export async function shellScripts(dist: string): Promise<string[]> {
  const { folder, shell, nodesOf } = await readBuild(dist);
  const files = await closureOf(folder, [...shell, ...nodesOf(errorNode)]);
  return files.filter((file) => file.endsWith('.js')).map((file) => `_app/immutable/${file}`);
}

/** SvelteKit numbers the layout of the root and its error page first. */
const [rootNode, errorNode] = [0, 1];

interface Build {
  folder: string;
  /** What is fetched for whatever is shown. */
  around: string[];
  shell: string[];
  routes: Route[];
  nodesOf: (number: number) => string[];
}

async function readBuild(dist: string): Promise<Build> {
  const folder = join(dist, '_app/immutable');
  const [entries, nodes, assets] = await Promise.all(
    ['entry', 'nodes', 'assets'].map((name) => readdir(join(folder, name))),
  );
  const start = (entries ?? []).filter((name) => name.endsWith('.js')).map((name) => `entry/${name}`);
  const styles = (assets ?? []).filter((name) => name.endsWith('.css')).map((name) => `assets/${name}`);
  const nodesOf = (number: number): string[] =>
    (nodes ?? [])
      .filter((name) => name.startsWith(`${number}.`) && name.endsWith('.js'))
      .map((name) => `nodes/${name}`);
  const files = await closureOf(folder, start);
  const codes = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const routes = codes.flatMap(routesOf);
  const layouts = routes.find(({ route }) => route.startsWith('/(in)'))?.layouts ?? [];
  const around = [...start, ...styles, ...nodesOf(rootNode)];
  return { folder, around, shell: [...around, ...layouts.flatMap(nodesOf)], routes, nodesOf };
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
function routesOf(code: string): Route[] {
  return [...code.matchAll(/"(\/[^"]*)":\[~?(-?\d+)(?:,\[([\d,]*)\])?/g)].map(
    ([, route = '', leaf = '', layouts = '']) => ({
      route,
      leaf: Number(leaf),
      layouts: layouts.split(',').filter(Boolean).map(Number),
    }),
  );
}

async function weightOf(folder: string, files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of await closureOf(folder, files)) {
    const path = join(folder, file);
    bytes += (await readFile(`${path}.br`).catch(() => readFile(path))).byteLength;
  }
  return bytes;
}

/** With all that they import. */
async function closureOf(folder: string, files: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (file.endsWith('.js')) waiting.push(...importsOf(await readFile(join(folder, file), 'utf8'), file));
  }
  return [...found];
}

/** Static imports alone: what `import()` names is loaded when it is needed. A text that shows code has none. */
function importsOf(code: string, file: string): string[] {
  return parseSync(file, code).program.body.flatMap((statement) => {
    const source = 'source' in statement ? statement.source?.value : undefined;
    return typeof source === 'string' ? [normalize(join(dirname(file), source))] : [];
  });
}
