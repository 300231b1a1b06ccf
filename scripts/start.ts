// `npm start`: first what browsers load, if it is not up to date, then the server. npm's own `prestart` does not run where install scripts are switched off, as they are here.
import { ensureBrowserBuild } from './browser-build.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

// A server without SDK and playground still serves everybody who has a client: where the bundler is not installed, that is what there is.
await ensureBrowserBuild({ say }).catch((error: unknown) => say(`not built for browsers: ${String(error)}`));
await import('../platform/server/src/cli/main.ts');
