// A server with an app to play with, for tests and pictures of the playground. What is done on the page is
// theirs.
import { ensureBrowserBuild } from '../../../../scripts/browser-build.ts';
import { startWholeServer, type WholeServer } from '../../../server/test/support/whole-server.ts';

const chat = ['messaging', 'typing_indicator', 'read_receipts'];
const signedIn = { enabled: true, requireAuth: true, autoConnect: true };

/** The caller stops it. */
export async function startPlaygroundServer(): Promise<WholeServer> {
  await ensureBrowserBuild({ say: () => undefined });
  return await startWholeServer({
    app: {
      // Without providers of its own the app is pushed through the log, where the pretend phones listen.
      providers: [],
      pages: [
        { pattern: '/chat', ...signedIn, connectionType: 'chat', features: chat },
        { pattern: '/admin/*', ...signedIn, connectionType: 'admin', features: ['real_time_stats'] },
        { pattern: '/login', enabled: false },
      ],
    },
  });
}

/** The address with the secret. */
export function playgroundOf({ url, server }: WholeServer): string {
  return `${url}${server.playground ?? ''}`;
}
