// Belfry's HTTP API with the API key of the benchmark's app, on connections that stay open: the calls of a
// back end.
import { Agent, request } from 'node:http';
import { apiKey } from '../setting.ts';

export interface HttpApi {
  /** The body of the answer. Rejects on any status but 2xx. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): void;
}

export function createHttpApi({ port, atOnce }: { port: number; atOnce: number }): HttpApi {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

  function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      'content-length': Buffer.byteLength(text),
    };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const asking = request({ host: '127.0.0.1', port, method, path, agent, headers });
    asking.on('error', (error: NodeJS.ErrnoException) => {
      // The server had closed the idle connection, and has not seen the request.
      if (asking.reusedSocket && error.code === 'ECONNRESET') resolve(ask(method, path, body));
      else reject(error);
    });
    asking.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const said = Buffer.concat(chunks).toString('utf8');
        const { statusCode = 0 } = answer;
        if (statusCode < 200 || statusCode > 299) {
          reject(new Error(`${method} ${path}: ${statusCode} ${said.slice(0, 300)}`));
        } else resolve(said === '' ? undefined : JSON.parse(said));
      });
    });
    asking.end(text);
    return promise;
  }

  return { ask, close: () => agent.destroy() };
}
