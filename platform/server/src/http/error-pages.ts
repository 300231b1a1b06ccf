// The pages about errors and close codes, at the server that answers with them: each error links to its own.
// The words are of the tables in @belfry/protocol; serving the pages is docs.ts.

import { closeCodes, errorHelp, errorTable, isErrorCode, mayReconnect, type Retry } from '@belfry/protocol';

/** The page of an error (`not_found`) or a close code (`4503`); undefined when there is no such thing. */
export function errorPage(code: string): string | undefined {
  if (isErrorCode(code)) return pageOfError(code);
  const close = Object.entries(closeCodes).find(([, row]) => String(row.code) === code);
  return close === undefined ? undefined : pageOfClose(...close);
}

/** All of them, with links. */
export function errorIndexPage(): string {
  const errors = Object.entries(errorTable).map(([code, { status, title }]) => [code, String(status), title] as const);
  const closes = Object.values(closeCodes).map(
    ({ code, reason, description }) => [String(code), reason, description] as const,
  );
  return page({
    title: 'Errors and close codes',
    lead: 'Every error that Belfry answers with, and every code that it closes a WebSocket with.',
    sections: [
      ['Errors', table(['Code', 'Status', 'Meaning'], errors)],
      ['Close codes of the WebSocket', table(['Code', 'Reason', 'When'], closes)],
    ],
    home: '../',
  });
}

const retryWords: Readonly<Record<Retry, string>> = {
  never: 'No: the same request will fail again.',
  same: 'Yes, as it is, with its `cid` or `Idempotency-Key`, so that it is done once.',
  after: 'Yes, once the time in `afterMs` or `Retry-After` has passed.',
};

function pageOfError(code: keyof typeof errorTable): string {
  const { title, status, description, retry } = errorTable[code];
  const { causes, remedies } = errorHelp[code];
  return page({
    title: code,
    lead: title,
    sections: [
      ['What it means', paragraph(description)],
      ['What leads to it', list(causes)],
      ['What to do', list(remedies)],
      ['May the request be sent again?', paragraph(retryWords[retry])],
      ['Status', paragraph(`HTTP status ${status}. On the WebSocket the same code stands in the answer.`)],
    ],
  });
}

type CloseRow = (typeof closeCodes)[keyof typeof closeCodes];

function pageOfClose(name: string, row: CloseRow): string {
  const { code, reason, description } = row;
  const comesBack = mayReconnect(code)
    ? 'Yes: clients come back by themselves.'
    : 'No: the client stays away until a person or the app changes something.';
  return page({
    title: `Close code ${code}`,
    lead: `The WebSocket was closed with ${code} (\`${name}\`): ${reason}.`,
    sections: [
      ['What it means', paragraph(description)],
      ['May the client come back?', paragraph(comesBack)],
    ],
  });
}

interface PageParts {
  title: string;
  lead: string;
  /** Headings, and HTML below each. */
  sections: readonly (readonly [heading: string, html: string])[];
  /** The way to the first page of the docs. */
  home?: string;
}

function page({ title, lead, sections, home = './' }: PageParts): string {
  const back =
    home === './' ? `<a href="./">All errors</a> · <a href="../">The API</a>` : `<a href="${home}">The API</a>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${escape(title)} - Belfry</title>
    <link rel="stylesheet" href="../errors.css" />
    <link rel="icon" type="image/png" href="../favicon-32x32.png" />
  </head>
  <body>
    <nav aria-label="Pages">${back}</nav>
    <main>
      <h1>${escape(title)}</h1>
      ${paragraph(lead)}
      ${sections.map(([heading, html]) => `<h2>${escape(heading)}</h2>\n      ${html}`).join('\n      ')}
    </main>
  </body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p>${inline(text)}</p>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`;
}

/** The first cell of each row is a code with a page of its own. */
function table(head: readonly string[], rows: readonly (readonly [code: string, ...cells: string[]])[]): string {
  const heads = head.map((name) => `<th scope="col">${escape(name)}</th>`).join('');
  const body = rows.map(([code, ...cells]) => {
    const rest = cells.map((cell) => `<td>${inline(cell)}</td>`).join('');
    return `<tr><th scope="row"><a href="${escape(code)}"><code>${escape(code)}</code></a></th>${rest}</tr>`;
  });
  return `<table><thead><tr>${heads}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** Text of the tables: what stands between backticks is code. */
function inline(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escape(text: string): string {
  const names = new Map([
    ['&', '&amp;'],
    ['<', '&lt;'],
    ['>', '&gt;'],
    ['"', '&quot;'],
  ]);
  return text.replaceAll(/[&<>"]/g, (sign) => names.get(sign) ?? sign);
}

export const errorPageStyle = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; background: #fff; }
a { color: #0b57a4; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #ccc; }
@media (prefers-color-scheme: dark) {
  body { color: #eee; background: #16181d; }
  a { color: #8ec5ff; }
  th, td { border-color: #444; }
}
`;
