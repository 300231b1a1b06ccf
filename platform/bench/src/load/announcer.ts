// Announcements to a topic over Belfry's HTTP API, on connections that stay open. They are few: what they cost is in what they set off.
import { Agent, request } from 'node:http';
import { eventData } from './event.ts';
import type { Tally } from './client.ts';

export class Announcer {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #deps: { port: number; topic: string; apiKey: string; tally: Tally };

  constructor(deps: { port: number; topic: string; apiKey: string; tally: Tally }) {
    this.#deps = deps;
  }

  announce(): void {
    const { port, topic, apiKey, tally } = this.#deps;
    const { text } = eventData();
    const body = JSON.stringify({
      kind: 'announcement',
      audience: { topic },
      data: { title: 'News', body: '-', text },
    });
    const sending = request({
      ...{ host: '127.0.0.1', port, method: 'POST', path: '/api/v1/broadcasts', agent: this.#agent },
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sending.on('response', (answer) => {
      answer.resume();
      if (answer.statusCode === 202) tally.answered += 1;
      else tally.refused += 1;
    });
    sending.on('error', () => (tally.refused += 1));
    sending.end(body);
  }

  close(): void {
    this.#agent.destroy();
  }
}
