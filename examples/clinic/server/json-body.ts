// Reads a small JSON object from a request, and nothing larger or other than that.
import type { IncomingMessage } from 'node:http';

/** Far more than a notice takes. */
const maxBytes = 16_384;

/** Undefined for anything that is not a JSON object of at most 16 KiB. */
export async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
