// A running server, as a command asks it: with an API key, like a back end. What is asked is the commands'.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { describeFailure } from '../compose/data-failure.ts';
import { reachableHost } from '../config/addresses.ts';
import type { Config } from '../config/config.ts';

export interface Question {
  url: string;
  key: string;
  method: 'GET' | 'POST';
  /** Below the address of the server. */
  path: string;
  body?: unknown;
  limitMs: number;
}

/** `status` is undefined where nobody answered. */
export type Reply = { ok: true; body: unknown } | { ok: false; status: number | undefined; problem: string };

const problemSchema = z.object({ code: z.string(), detail: z.string() });

/** Where a server of this configuration listens, as this machine reaches it. */
export function ownUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  return `http://${reachableHost(host)}:${port}`;
}

/** Never rejects: refusals and silence are replies. */
export async function askServer({ url, key, method, path, body, limitMs }: Question): Promise<Reply> {
  try {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(limitMs),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return { ok: true, body: answer };
    const problem = problemSchema.safeParse(answer);
    const words = problem.success
      ? `${problem.data.code}: ${problem.data.detail}`
      : `${url} answers with ${response.status}`;
    return { ok: false, status: response.status, problem: words };
  } catch (error) {
    return { ok: false, status: undefined, problem: `${url} does not answer: ${await describeFailure(error)}` };
  }
}

/** What `read` makes of a file, or what is wrong with the file. */
export async function readWith<T>(
  file: string,
  read: (text: string) => T,
): Promise<{ value: T } | { problem: string }> {
  try {
    return { value: read(await readFile(file, 'utf8')) };
  } catch (error) {
    return { problem: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
