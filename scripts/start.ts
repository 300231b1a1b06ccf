// `npm start`: builds the browsers' files where they are stale, then starts the server. npm's own `prestart`
// does not run where install scripts are switched off, as they are here.
import { ensureBrowserBuild } from './browser-build.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

// Where the bundler is not installed, the server starts without SDK and playground: it still serves everybody
// who has a client.
await ensureBrowserBuild({ say }).catch((error: unknown) =>
  say(`The server starts with what is built: ${error instanceof Error ? error.message : String(error)}`),
);
await import('../platform/server/src/cli/main.ts');
