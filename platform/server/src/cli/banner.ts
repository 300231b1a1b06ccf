// The lines that a started server prints for people: where everything is, and what to do next. Programs read
// the log line `listening`.

export interface BannerFacts {
  version: string;
  url: string;
  /** Undefined where no API is served: a worker. */
  docs?: string | undefined;
  /** With the code of the setup where there is no administrator yet; undefined where there is none. */
  console?: string | undefined;
  /** With its secret; undefined where there is none. */
  playground?: string | undefined;
  /** The file that still holds the API key of the first start. */
  key?: { app: string; keyFile: string; next: string } | undefined;
  /** The provider of apps that configured none. */
  notificationProvider: string;
}

/** Ends without a line end. */
export function banner(facts: BannerFacts): string {
  const { version, url, console, docs, playground, key, notificationProvider } = facts;
  const rows: [name: string, text: string][] = [];
  if (console !== undefined) rows.push(['console', console]);
  if (playground !== undefined) rows.push(['playground', `${playground}  (whoever has this address can be anybody)`]);
  if (docs !== undefined) rows.push(['HTTP API', docs]);
  if (key !== undefined) {
    rows.push(['API key', `${key.keyFile}  (of the app ${key.app}; put it where it belongs, then delete the file)`]);
    rows.push(['next', key.next]);
  }
  if (notificationProvider === 'logging') {
    rows.push(['pushes', 'are lines "push" of this log, until an app has a provider of its own (docs/plugins.md)']);
  }
  rows.push(['stop', 'Ctrl-C']);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, text]) => `    ${name.padEnd(width)}  ${text}`);
  return ['', `  Belfry ${version} is up at ${url}`, '', ...lines, ''].join('\n');
}
