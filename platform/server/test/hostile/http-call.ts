// One HTTP request over a connection of its own, so that no idle connection of a pool is counted as one that
// was left behind.

import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface CallAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** Empty where the text is no JSON object. */
  body: Record<string, unknown>;
}

/** `target` is sent as it is: nothing in it is escaped or resolved. */
export function callOnce(
  url: string,
  target: string,
  { method = 'GET', headers = {}, body }: Call = {},
): Promise<CallAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, path: target, method, headers, agent: false }, (incoming) => {
      text(incoming).then((answer) => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: answer, body: objectOf(answer) });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function objectOf(answer: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
