// A stand-in for the service behind the webhook provider: real HTTP, verifies nothing by itself, answers as
// the test says, and keeps what it got.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPush {
  headers: IncomingHttpHeaders;
  text: string;
  body: {
    type: string;
    userId: string;
    device: { id: string; target: Record<string, unknown> };
    notification: { title: string; body: string; count: number; collapseKey: string; data: Record<string, unknown> };
  };
}

export interface PushReceiver {
  readonly url: string;
  readonly pushes: readonly ReceivedPush[];
  /** How the next posts are answered, one each; 200 when there are none. `hang`: never. */
  answerWith(...answers: ({ status: number; headers?: Record<string, string> } | 'hang')[]): void;
  /** How every post is answered from now on. */
  answerAlways(answer: { status: number; headers?: Record<string, string> }): void;
  /** Resolves when there are this many posts that fit. */
  received(count: number, fits?: (push: ReceivedPush) => boolean): Promise<readonly ReceivedPush[]>;
  close(): Promise<void>;
}

/** For `received`: of this type, to this user. */
export const pushTo =
  (userId: string, type = 'push') =>
  ({ body }: ReceivedPush): boolean =>
    body.userId === userId && body.type === type;

export async function startPushReceiver(): Promise<PushReceiver> {
  const pushes: ReceivedPush[] = [];
  const answers: ({ status: number; headers?: Record<string, string> } | 'hang')[] = [];
  const waiting = new Set<() => void>();
  let always: { status: number; headers?: Record<string, string> } = { status: 200 };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      pushes.push({ headers: request.headers, text, body: JSON.parse(text) as ReceivedPush['body'] });
      const answer = answers.shift() ?? always;
      if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end();
      for (const check of [...waiting]) check();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/push`,
    pushes,
    answerWith: (...given) => void answers.push(...given),
    answerAlways: (answer) => void (always = answer),
    received: (count, fits = () => true) =>
      new Promise((resolve) => {
        const check = (): void => {
          const fitting = pushes.filter(fits);
          if (fitting.length < count) return;
          waiting.delete(check);
          resolve(fitting);
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
