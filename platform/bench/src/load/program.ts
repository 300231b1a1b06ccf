// A load generator's process: takes orders from the harness over IPC, one after the other, and ends when that
// hangs up.
import { Fleet } from './fleet.ts';
import { post } from './post.ts';
import type { Answers, AnswerMessage, Order, OrderMessage } from './orders.ts';

let fleet: Fleet | undefined;

process.on('message', (message: OrderMessage) => {
  void answer(message).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));

async function answer({ id, order }: OrderMessage): Promise<AnswerMessage> {
  try {
    return { id, answer: await obey(order) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function obey(order: Order): Promise<Answers[Order['type']]> {
  if (order.type === 'open') {
    fleet?.close();
    fleet = new Fleet(order);
    return await fleet.open();
  }
  if (order.type === 'post') return await post(order);
  if (fleet === undefined) throw new Error(`${order.type} before open`);
  switch (order.type) {
    case 'send':
      fleet.send(order);
      return null;
    case 'drain':
      return await fleet.drain(order);
    case 'counts':
      return fleet.counts();
    case 'latencies':
      return fleet.takeLatencies();
    case 'heartbeats':
      fleet.heartbeats(order.everyMs);
      return null;
    case 'churn':
      return fleet.churn(order);
    case 'cut':
      fleet.cut();
      return null;
    case 'resume':
      return await fleet.resume(order);
    case 'close':
      fleet.close();
      fleet = undefined;
      return null;
  }
}
