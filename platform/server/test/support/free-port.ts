// A port for a program that cannot choose one itself, or that starts again on the same one.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

// Below what Linux gives to servers on port 0 and to outgoing connections (32768 to 60999): tests that run beside
// this one take hundreds of those, and would take one that was looked for there before the program listens on it.
// Above 10080, which browsers and fetch refuse.
const first = 10_081;
const end = 32_768;

/** Free on 127.0.0.1 when it was looked for. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, end);
    const server = createServer();
    const listening = once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.listen(port, '127.0.0.1');
    if (!(await listening)) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
