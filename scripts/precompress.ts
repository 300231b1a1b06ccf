// Packs the files of a build once, so that no server packs them again for every visitor. The server decides
// which of them are sent.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Pictures and fonts are packed already. */
const packable = new Set(['.js', '.css', '.html', '.svg', '.json', '.map', '.txt']);
/** Below this a packed file is not smaller by a packet. */
const fromBytes = 1400;

const asBrotli = promisify(brotliCompress);
const asGzip = promisify(gzip);

/** Writes `x.br` and `x.gz` beside each `x` of the folder that is worth it. */
export async function precompress(dir: string): Promise<void> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && packable.has(extname(entry.name)));
  await Promise.all(files.map(({ parentPath, name }) => packOne(join(parentPath, name))));
}

async function packOne(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.byteLength < fromBytes) return;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.byteLength };
  await writeFile(`${file}.br`, await asBrotli(content, { params }));
  await writeFile(`${file}.gz`, await asGzip(content, { level: 9 }));
}
