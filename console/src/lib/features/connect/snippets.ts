// The lines that connect a page or a back end to an app, for several ways to build one: with its key, the
// server's address and a page that has a policy. An API key never stands in them.

export interface SnippetFacts {
  app: string;
  /** Of the server, without a slash at the end. */
  url: string;
  /** A path that has a policy; undefined where there is none. */
  page: string | undefined;
  /** Who makes tokens for users. */
  tokens: 'belfry' | 'issuer';
}

export interface Snippet {
  id: string;
  title: string;
  /** The parts to be copied, each with where it goes. */
  parts: readonly { file: string; code: string }[];
}

const getToken = `getToken: async ({ signal }) => {
    const response = await fetch('/belfry-token', { signal });
    if (response.status === 401) return null; // nobody is signed in
    if (!response.ok) throw new Error(\`no token: \${response.status}\`);
    return response.json();
  },`;

export function snippetsOf(facts: SnippetFacts): Snippet[] {
  const given = { ...facts, at: facts.url.replace(/\/$/, ''), page: facts.page ?? '/chat' };
  return [...plainSnippets(given), ...bundledSnippets(given), ...backEndSnippets(given)];
}

type Given = SnippetFacts & { at: string; page: string };

/** For pages without a bundler. */
function plainSnippets({ app, at, page }: Given): Snippet[] {
  return [
    {
      id: 'script',
      title: '<script>',
      parts: [
        {
          file: 'index.html',
          code: `<script src="${at}/sdk/belfry.global.js"></script>
<script>
  const belfry = Belfry.createBelfry({
    app: ${text(app)},
    url: ${text(at)},
    // Leave this out where the page's own path has a policy.
    page: ${text(page)},
    ${getToken.replaceAll('\n', '\n  ')}
  });
  belfry.start();
</script>`,
        },
      ],
    },
    {
      id: 'websocket',
      title: 'WebSocket',
      parts: [
        {
          file: 'js',
          code: `const socket = new WebSocket(${text(`${at.replace(/^http/, 'ws')}/ws?app=${encodeURIComponent(app)}`)}, 'belfry.v1');
const device = { id: 'my-laptop', type: 'desktop', platform: 'web' };
const connect = { token, page: ${text(page)}, device, visible: true };
socket.onopen = () => socket.send(JSON.stringify({ id: 1, action: 'connect', data: connect }));
socket.onmessage = ({ data }) => console.log(data);`,
        },
      ],
    },
  ];
}

function bundledSnippets({ app, at }: Given): Snippet[] {
  const core = `import { createBelfry } from '@belfry/client';

export const belfry = createBelfry({
  app: ${text(app)},
  url: ${text(at)},
  ${getToken}
});`;
  const install = { file: 'sh', code: `npm install ${at}/sdk/belfry-client.tgz` };
  return [
    {
      id: 'react',
      title: 'React',
      parts: [
        install,
        { file: 'belfry.js', code: core },
        {
          file: 'app.jsx',
          code: `import { BelfryProvider } from '@belfry/client/react';
import { belfry } from './belfry.js';

export function App({ children }) {
  return <BelfryProvider belfry={belfry}>{children}</BelfryProvider>;
}`,
        },
      ],
    },
    {
      id: 'svelte',
      title: 'Svelte',
      parts: [
        install,
        { file: 'belfry.js', code: core },
        {
          file: '+layout.svelte',
          code: `<script>
  import { belfry } from './belfry.js';
  $effect(() => {
    belfry.start();
    return () => belfry.stop();
  });
</script>`,
        },
      ],
    },
  ];
}

function backEndSnippets({ app, at, tokens }: Given): Snippet[] {
  const nodeRoute = `import { createServer } from 'node:http';

createServer(async (request, response) => {
  // Put your own session in place of this.
  const userId = 'alice';
  const answer = await fetch(\`\${process.env.BELFRY_URL}/api/v1/tokens\`, {
    method: 'POST',
    headers: { authorization: \`Bearer \${process.env.BELFRY_KEY}\`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}).listen(3000);`;
  const backEnd: Snippet = {
    id: 'node',
    title: 'Node',
    parts: [
      { file: '.env', code: `BELFRY_URL=${at}\nBELFRY_APP=${app}\nBELFRY_KEY=…` },
      { file: '/belfry-token', code: nodeRoute },
    ],
  };
  return [
    ...(tokens === 'belfry' ? [backEnd] : []),
    {
      id: 'curl',
      title: 'curl',
      parts: [
        {
          file: 'sh',
          code: `curl -s ${at}/api/v1/tokens \\
  -H "Authorization: Bearer $BELFRY_KEY" -H 'Content-Type: application/json' \\
  -d '{"userId":"alice"}'`,
        },
      ],
    },
  ];
}

/** As JavaScript writes it. */
function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
