// A back end that sends over HTTP: a request for every message, or one for five hundred.
import type { Bench } from '../bench.ts';
import type { RunningServer } from '../contenders/contender.ts';
import { createHttpApi } from '../load/http-api.ts';
import { cpuMicrosOf } from '../measure/process-usage.ts';
import { quiet } from '../measure/quiet.ts';
import { median } from '../measure/statistics.ts';
import { makeConversations } from '../preparation.ts';
import type { Scenario } from '../scenario.ts';

type Way = 'single' | 'batch';

const batchSize = 500;
/** Requests under way. */
const atOnce: Readonly<Record<Way, number>> = { single: 16, batch: 2 };
const sender = 'back-office';

export const httpSend: Scenario = {
  name: 'http-send',
  about: `Messages into 100 conversations whose participants are away, over HTTP: one a request on ${atOnce.single} connections, or ${batchSize} a request on ${atOnce.batch}. Every one is stored.`,
  async run(bench) {
    const server = await bench.start('belfry');
    const rooms = Array.from({ length: 100 }, (_, room) => `c${room}`);
    await makeConversations(
      server,
      rooms.map((id) => ({ id, users: [sender, `reader-of-${id}`] })),
    );
    const generator = bench.generator();
    const cost: Record<Way, number[]> = { single: [], batch: [] };
    for (let round = 0; round <= bench.options.rounds; round += 1) {
      for (const way of ['single', 'batch'] as const) {
        await quiet(server.pid);
        const heads = await messagesIn(server, rooms);
        const cpuBefore = cpuMicrosOf(server.pid);
        const posted = await generator.ask({
          ...{ type: 'post', port: server.port, rooms, sender, atOnce: atOnce[way] },
          ...{ batch: way === 'single' ? 1 : bench.size(batchSize, 20), ms: bench.size(3000, 200) },
        });
        await quiet(server.pid);
        const micros = (cpuMicrosOf(server.pid) - cpuBefore) / posted.messages;
        await checkLogs(server, { rooms, heads, messages: posted.messages });
        // The first round compiles the code.
        if (round === 0) continue;
        cost[way].push(micros);
        report(bench, { round, way, micros, ...posted });
      }
    }
    const gains = cost.batch.map((micros, round) => micros / (cost.single[round] ?? Number.NaN));
    return {
      figures: [
        { of: 'one a request', what: 'CPU per message', unit: 'µs', values: cost.single },
        { of: `${batchSize} a request`, what: 'CPU per message', unit: 'µs', values: cost.batch },
        { of: 'batch / single', what: 'CPU per message', unit: 'ratio', values: gains },
      ],
      reaches: [
        { what: "batch, of a single request's CPU", value: median(gains), bound: { most: 0.1 }, unit: 'ratio' },
      ],
    };
  },
};

function report(
  bench: Bench,
  result: { round: number; way: Way; micros: number; messages: number; tookMs: number },
): void {
  const perSecond = Math.round((result.messages / result.tookMs) * 1000);
  bench.say(
    `round ${result.round} of ${bench.options.rounds}: ${result.way} ${result.micros.toFixed(1)} µs a message, ${perSecond}/s`,
  );
}

async function checkLogs(
  server: RunningServer,
  { rooms, heads, messages }: { rooms: readonly string[]; heads: number; messages: number },
): Promise<void> {
  const stored = (await messagesIn(server, rooms)) - heads;
  if (messages === 0 || stored !== messages)
    throw new Error(`${messages} messages were answered, ${stored} are stored`);
}

async function messagesIn(server: RunningServer, rooms: readonly string[]): Promise<number> {
  const api = createHttpApi({ port: server.port, atOnce: 8 });
  try {
    const answers = await Promise.all(rooms.map((room) => api.ask('GET', `/api/v1/conversations/${room}`)));
    return answers.reduce<number>(
      (sum, answer) => sum + (answer as { conversation: { headSeq: number } }).conversation.headSeq,
      0,
    );
  } finally {
    api.close();
  }
}
