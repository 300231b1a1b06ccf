// `npm run docs:pictures`: the pictures that docs/console.md shows, taken anew: in English, in light colours, of a wide
// window. Look at them before they are committed. Which states there are is console/e2e/pictures.ts's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const shown = {
  'a-connections': 'connections',
  'b-user-decisions': 'decisions',
  'a-pages-cell': 'pages',
  'a-live': 'live',
  'a-settings-keys': 'keys',
  'a-connect': 'connect',
  'c-journey': 'journey',
  'e-conversation-content': 'conversation',
  'c-broadcast-explained': 'broadcast',
};
const look = '1440-light-en';
const taken = mkdtempSync(join(tmpdir(), 'belfry-pictures-'));

try {
  const args = [join(root, 'console/e2e/pictures.ts'), taken, look];
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close')) as [number | null];
  if (code !== 0) throw new Error(`console/e2e/pictures.ts ended with ${String(code)}`);
  const folder = join(root, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  for (const [state, name] of Object.entries(shown)) {
    copyFileSync(join(taken, `console-${state}-${look}.png`), join(folder, `console-${name}.png`));
  }
  console.log(`wrote ${Object.keys(shown).length} pictures into ${folder}`);
} finally {
  rmSync(taken, { recursive: true, force: true });
}
