// A broadcast as the lines that a back end sends it with. An API key never stands in them.
import type { BroadcastBody } from './request.ts';

export interface CodeTab {
  id: string;
  title: string;
  code: string;
}

export function asCode(request: BroadcastBody, url: string): CodeTab[] {
  const address = `${url.replace(/\/$/, '')}/api/v1/broadcasts`;
  const json = JSON.stringify(request, undefined, 2);
  return [
    {
      ...{ id: 'curl', title: 'curl' },
      code: `curl -s ${quoted(address)} \\
  -H "Authorization: Bearer $BELFRY_KEY" -H 'Content-Type: application/json' \\
  -d ${quoted(json)}`,
    },
    {
      ...{ id: 'node', title: 'Node' },
      code: `const answer = await fetch(${JSON.stringify(address)}, {
  method: 'POST',
  headers: { authorization: \`Bearer \${process.env.BELFRY_KEY}\`, 'content-type': 'application/json' },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
});
const { id, recipients } = await answer.json();`,
    },
    ...sdkCalls(request),
  ];
}

/** The browser's SDK sends messages, as its user; nothing else of this. */
function sdkCalls({ kind, data, audience }: BroadcastBody): CodeTab[] {
  if (kind !== 'message' || !('conversation' in audience)) return [];
  const { type, content } = data;
  const call = JSON.stringify({ conversationId: audience.conversation, type, content }, undefined, 2);
  return [{ id: 'sdk', title: 'SDK', code: `belfry.send(${call});` }];
}

/** As a shell takes it whole. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
