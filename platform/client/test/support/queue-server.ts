// A server and a connection as the queue needs them: stores each cid once, in the order of arrival, and fails
// as a test says.
import type { CommandAction, CommandAnswer } from '@belfry/protocol';
import { CommandError } from '../../src/command-error.ts';
import type { Line } from '../../src/line.ts';
import { MessageQueue } from '../../src/queue/message-queue.ts';
import type { CommandFailure, Draft, QueuedMessage, QueueLimits } from '../../src/types.ts';
import type { ClientClock } from './client-clock.ts';
import { queueSurroundings, type SimulatedBrowser } from './simulated-browser.ts';

/** `lost-before`: the frame never arrives. `lost-after`: it is stored, the answer does not arrive. */
export type Outcome = 'ok' | 'lost-before' | 'lost-after' | 'never' | 'same' | 'after' | 'hang';

export interface QueueServer {
  /** Texts as stored, by conversation. */
  stored(conversationId: string): string[];
  /** Every frame that arrived, with the name of the tab. */
  frames: string[];
  /** The fate of the next frames; `ok` when it runs out. */
  plan: Outcome[];
  send(tab: string, draft: Draft, cid: string): Promise<CommandAnswer<'message'>>;
}

export function createQueueServer(): QueueServer {
  const logs = new Map<string, { cid: string; said: string }[]>();
  const frames: string[] = [];
  const plan: Outcome[] = [];

  return {
    frames,
    plan,
    stored: (conversationId) => (logs.get(conversationId) ?? []).map(({ said }) => said),
    async send(tab, draft, cid) {
      const outcome = plan.shift() ?? 'ok';
      await new Promise((resolve) => void setImmediate(resolve));
      if (outcome === 'lost-before') throw failure('connection_lost', 'same');
      frames.push(`${tab}: ${textOf(draft)}`);
      if (outcome === 'never') throw failure('invalid_content', 'never');
      if (outcome === 'same') throw failure('internal', 'same');
      if (outcome === 'after')
        throw new CommandError({ code: 'rate_limited', message: 'rate_limited', retry: 'after', afterMs: 800 });
      const log = logs.get(draft.conversationId) ?? [];
      logs.set(draft.conversationId, log);
      if (!log.some((each) => each.cid === cid)) log.push({ cid, said: textOf(draft) });
      if (outcome === 'lost-after') throw failure('connection_lost', 'same');
      if (outcome === 'hang') await new Promise(() => {});
      const seq = log.findIndex((each) => each.cid === cid) + 1;
      return { messageId: `m-${cid}`, seq, duplicate: false, timestamp: '2026-01-01T00:00:00.000Z' };
    },
  };
}

export interface TestTab {
  outbox: Pick<MessageQueue, 'messages' | 'retry' | 'cancel' | 'stop'> & { add(draft: Draft): QueuedMessage };
  /** Every change of state that was published to this tab. */
  changes: string[];
  /** The same, as it was published. */
  messages: QueuedMessage[];
  ready(is: boolean): void;
  signIn(owner: string | undefined, how?: { presumed: boolean }): void;
  die(): void;
}

export interface TabOptions {
  name: string;
  browser: SimulatedBrowser;
  server: QueueServer;
  clock: ClientClock;
  reported: unknown[];
  limits?: Partial<QueueLimits>;
  owner?: string | undefined;
  ready?: boolean;
}

export function openTestTab(options: TabOptions): TestTab {
  const { name, browser, server, clock, reported } = options;
  const tab = browser.openTab();
  const listeners = new Set<() => void>();
  let owner = 'owner' in options ? options.owner : 'demo/alice';
  let ready = options.ready ?? true;
  let dead = false;
  let presumed = false;
  const changes: string[] = [];
  const messages: QueuedMessage[] = [];
  const queue = new MessageQueue({
    surroundings: queueSurroundings(clock, reported),
    limits: { maxCount: 500, maxBytes: 1024 * 1024, maxAgeMs: 86_400_000, ...options.limits },
    owner: { current: () => owner, isPresumed: () => presumed, forget: () => undefined },
    isReady: () => ready && !dead,
    onReady(listen) {
      listeners.add(listen);
      return () => void listeners.delete(listen);
    },
    line: commandsTo(async (draft, cid) => {
      const unlessDead = async <T>(result: () => T): Promise<T> =>
        dead ? await new Promise<never>(() => {}) : result();
      return await server.send(name, draft, cid).then(
        (answer) => unlessDead(() => answer),
        (error: unknown) =>
          unlessDead(() => {
            throw error;
          }),
      );
    }),
    openTabs: () => tab.tabs,
    onMessage(message) {
      messages.push(message);
      changes.push(describe(message));
    },
  });
  return {
    outbox: {
      add: (draft) => queue.add(draft, draft.cid ?? `cid-${(cidCount += 1)}`),
      messages: () => queue.messages(),
      retry: (cid) => queue.retry(cid),
      cancel: (cid) => queue.cancel(cid),
      stop: () => queue.stop(),
    },
    changes,
    messages,
    ready(is) {
      ready = is;
      if (is) for (const listen of [...listeners]) listen();
    },
    signIn(as, how) {
      owner = as;
      presumed = how?.presumed ?? false;
    },
    die() {
      dead = true;
      tab.die();
      listeners.clear();
    },
  };
}

let cidCount = 0;

/** A connection on which `message` is the only command. */
export function commandsTo(
  send: (draft: Draft, cid: string) => Promise<CommandAnswer<'message'>>,
): Pick<Line, 'command'> {
  const command = async (_action: CommandAction, data: unknown): Promise<unknown> => {
    const { cid, ...draft } = data as Draft & { cid: string };
    return await send(draft, cid);
  };
  return { command: command as Line['command'] };
}

export function text(conversationId: string, said: string): Draft {
  return { conversationId, type: 'text', content: { text: said } };
}

export function textOf(draft: Draft): string {
  return String(draft.content['text']);
}

export function describe({ draft, state, error }: QueuedMessage): string {
  return `${textOf(draft)} ${state}${error ? ` ${error.code}` : ''}`;
}

function failure(code: string, retry: CommandFailure['retry']): CommandError {
  return new CommandError({ code, message: code, retry });
}
