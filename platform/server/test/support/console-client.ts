// A browser at the console's API, as far as a test needs one: a cookie, the text against other pages, and
// the headers that a page of this server sends. An answer that is not as its row says is an error.

import { misfitOf } from './console-answers.ts';

export interface ConsoleAnswer {
  status: number;
  headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every form
  body: any;
}

export interface ConsoleRequest {
  body?: unknown;
  headers?: Record<string, string>;
}

export class ConsoleClient {
  readonly #url: () => string;
  /** The cookie as the browser sends it back. */
  cookie = '';
  csrf = '';

  constructor(url: () => string) {
    this.#url = url;
  }

  /** The same browser, at another node. */
  at(url: () => string): ConsoleClient {
    const same = new ConsoleClient(url);
    same.cookie = this.cookie;
    same.csrf = this.csrf;
    return same;
  }

  async call(method: string, path: string, { body, headers = {} }: ConsoleRequest = {}): Promise<ConsoleAnswer> {
    const response = await fetch(`${this.#url()}/admin/api${path}`, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(this.cookie !== '' && { cookie: this.cookie }),
        ...(this.csrf !== '' && { 'x-belfry-csrf': this.csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // A list as a file is no JSON.
    const isFile = response.headers.has('content-disposition');
    const answer = {
      status: response.status,
      headers: response.headers,
      body: isFile || text === '' ? text || undefined : JSON.parse(text),
    };
    const misfit = isFile ? undefined : misfitOf({ method, path, status: answer.status, body: answer.body });
    if (misfit !== undefined) throw new Error(misfit);
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.cookie = cookie.split(';')[0]?.replace(/=$/, '') ?? '';
    if (typeof answer.body?.csrf === 'string') this.csrf = answer.body.csrf;
    return answer;
  }

  get = (path: string, request?: ConsoleRequest) => this.call('GET', path, request);
  post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    this.call('POST', path, { body, ...(headers && { headers }) });
}
