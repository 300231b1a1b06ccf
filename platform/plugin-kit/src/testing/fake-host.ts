// A host for one provider in a test: recording log, scripted fetch and connections, virtual clock. Nothing of
// it reaches a network.
import type { Socket } from 'node:net';
import type { ConnectTarget, PluginLog, PluginRequest, PluginResponse, ProviderContext } from '../provider-context.ts';
import { TokenCache } from '../token-cache.ts';
import { connectError, networkError, respond } from './answer.ts';
import type { Answer, FailedConnection, RecordedRequest } from './answer.ts';

/** The result of a connection: mostly a socket to a local stand-in of the service. */
export type ScriptedConnect = (target: ConnectTarget) => Socket | FailedConnection | Promise<Socket | FailedConnection>;

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly msg: string;
}

export interface FakeHost {
  /** The argument of `setup`. */
  context<Config>(config: Config): ProviderContext<Config>;
  /** Every record so far, oldest first. */
  readonly log: readonly LogRecord[];
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Answers for requests from now on: each in turn and the last for ever, or computed from the request. */
  answer(...answers: readonly [Answer, ...Answer[]] | readonly [(request: RecordedRequest) => Answer]): void;
  /** Every connection asked for so far, oldest first. */
  readonly connections: readonly ConnectTarget[];
  /** The result of connections from now on. */
  connect(script: ScriptedConnect): void;
  readonly clock: { now(): number; advance(byMs: number): void };
  /** Takes the configuration out of service: aborts the context's signal. */
  stop(): void;
}

/** 2026-01-01T00:00:00Z. */
const startMs = 1_767_225_600_000;

export interface FakeHostOptions {
  nowMs?: number;
  /** Undefined: the host does not know its own address. */
  receiptUrl?: string | undefined;
}

/**
 * All requests and connections of this host fail until `answer` and `connect` say otherwise; its clock stands
 * at `nowMs` until it is advanced.
 */
export function fakeHost({ nowMs = startMs, receiptUrl }: FakeHostOptions = {}): FakeHost {
  const log: LogRecord[] = [];
  const requests: RecordedRequest[] = [];
  const connections: ConnectTarget[] = [];
  const stopped = new AbortController();
  let choose = (request: RecordedRequest): Answer => {
    throw new Error(`No answer was scripted for ${request.method} ${request.url}`);
  };
  let open: ScriptedConnect = ({ host, port }) => {
    throw new Error(`No connection was scripted to ${host}:${port}`);
  };

  const fetch = async (url: string | URL, init: PluginRequest = {}): Promise<PluginResponse> => {
    const request = record(url, init);
    requests.push(request);
    return answered(choose(request), request.url, init.signal);
  };
  const connect = async (target: ConnectTarget): Promise<Socket> => {
    connections.push(target);
    target.signal?.throwIfAborted();
    const opened = await open(target);
    if (!('network' in opened)) return opened;
    return opened.network === 'silence' ? untilAborted(target.signal) : Promise.reject(connectError(opened.network));
  };
  const write =
    (level: LogRecord['level']): PluginLog['info'] =>
    (fields, msg) =>
      void log.push({ level, fields, msg });

  return {
    context: (config) => ({
      config,
      log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
      ...{ fetch, connect },
      tokens: new TokenCache({ now: () => nowMs }),
      clock: { now: () => nowMs },
      signal: stopped.signal,
      ...(receiptUrl === undefined ? {} : { receiptUrl }),
    }),
    log,
    requests,
    connections,
    connect: (script) => void (open = script),
    answer: (...answers) => {
      const [first, ...rest] = answers;
      if (typeof first === 'function') {
        choose = first;
        return;
      }
      const queue: Answer[] = rest.filter((answer): answer is Answer => typeof answer !== 'function');
      let current = first;
      let asked = false;
      choose = () => {
        if (asked) current = queue.shift() ?? current;
        asked = true;
        return current;
      };
    },
    clock: { now: () => nowMs, advance: (byMs) => void (nowMs += byMs) },
    stop: () => stopped.abort(new DOMException('The configuration was taken out of service', 'AbortError')),
  };
}

/** As strict as real fetch: an invalid address, and a header that no HTTP message can carry, are errors. */
function record(url: string | URL, init: PluginRequest): RecordedRequest {
  const bytes = typeof init.body === 'string' ? new TextEncoder().encode(init.body) : (init.body ?? new Uint8Array());
  const method = (init.method ?? 'GET').toUpperCase();
  if ((method === 'GET' || method === 'HEAD') && init.body !== undefined) {
    throw new TypeError('Request with GET/HEAD method cannot have body.');
  }
  const body = new TextDecoder().decode(bytes);
  return {
    method,
    url: new URL(url).href,
    headers: Object.fromEntries(new Headers({ ...init.headers })),
    bytes,
    body,
    json: () => JSON.parse(body) as unknown,
  };
}

async function answered(answer: Answer, url: string, signal: AbortSignal | undefined): Promise<PluginResponse> {
  signal?.throwIfAborted();
  if ('http' in answer) return respond(answer);
  if (answer.network === 'cut') return respond({ http: 200 }, true);
  if (answer.network !== 'silence') throw networkError(answer.network, url);
  return untilAborted(signal);
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error);
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
