// Plays one scenario against a running server and throws at the first thing that is not as written. Knows no
// test framework.
import { setTimeout } from 'node:timers/promises';
import { ScenarioClient, type Socket } from './client.ts';
import type { ConnectStep, ExpectStep, HookStep, HttpStep, Identity, Scenario, SendStep, Step } from './format.ts';
import { fillIn, fillInPath, match, type Captures, type Mismatch } from './match.ts';
import { signWebhook } from './sign.ts';

export interface ReplayOptions {
  scenario: Scenario;
  /** Of the server, such as `http://127.0.0.1:8000`, without a slash at the end. */
  baseUrl: string;
  /** A key of app `demo` with the scope `*`. */
  apiKey: string;
  appKey?: string;
  openSocket?: (url: string, protocol: string) => Socket;
  fetch?: typeof globalThis.fetch;
  /** How long a step waits for what it expects, unless the step says so itself. */
  withinMs?: number;
}

/** Rejects with an Error that names the scenario and the step, and shows expected and got side by side. */
export async function replay(options: ReplayOptions): Promise<void> {
  const run = new Run(options);
  try {
    for (const [index, step] of options.scenario.steps.entries()) {
      try {
        await run.play(step);
      } catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`${options.scenario.name}, step ${index + 1}: ${JSON.stringify(step)}\n${what}`, { cause });
      }
    }
  } finally {
    await run.end();
  }
}

// Frames that the runner itself sends have ids from here on, out of the way of those of a scenario.
const firstBarrierId = 1_000_000;

class Run {
  private readonly options: ReplayOptions;
  private readonly withinMs: number;
  private readonly captures: Captures = new Map();
  private readonly clients = new Map<string, ScenarioClient>();
  private readonly tokens = new Map<string, string>();
  private barrierId = firstBarrierId;

  constructor(options: ReplayOptions) {
    this.options = options;
    this.withinMs = options.withinMs ?? 5000;
  }

  async play(step: Step): Promise<void> {
    if ('http' in step) return this.request(step);
    if ('hook' in step) return this.deliver(step);
    if ('open' in step) {
      await this.open(step.open);
      return;
    }
    if ('connect' in step) return this.connect(step);
    if ('send' in step) {
      this.send(step);
      return;
    }
    if ('expect' in step) return this.expectFrame(step);
    if ('expectNothing' in step) return this.expectNothing(step.expectNothing);
    if ('close' in step) {
      const client = this.client(step.close);
      client.close(step.code ?? 1000);
      return this.expectClose(client, undefined, this.withinMs);
    }
    return this.expectClose(this.client(step.expectClose), step.code, step.withinMs ?? this.withinMs);
  }

  /** Leaves nothing open, so that the next scenario starts with nobody connected. */
  async end(): Promise<void> {
    for (const client of this.clients.values()) client.close(1000);
    for (const client of this.clients.values()) await client.when(() => client.closeCode, this.withinMs);
  }

  private async request(step: HttpStep): Promise<void> {
    const deadline = Date.now() + (step.withinMs ?? this.withinMs);
    for (;;) {
      const problem = await this.requestOnce(step);
      if (problem === undefined) return;
      if (step.eventually !== true || Date.now() > deadline) throw new Error(problem);
      await setTimeout(50);
    }
  }

  private async deliver({ hook, ...expected }: HookStep): Promise<void> {
    const content = hook.text ?? JSON.stringify(fillIn(hook.body ?? {}, this.captures));
    const signed = await signWebhook({
      id: hook.webhookId,
      secret: String(fillIn(hook.secret, this.captures)),
      content: hook.signedText ?? content,
      timestamp: Math.floor(Date.now() / 1000) - (hook.ageSeconds ?? 0),
    });
    const response = await this.fetch(`/hooks/${hook.id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body: content,
    });
    const problem = await this.compareAnswer(response, expected);
    if (problem !== undefined) throw new Error(problem);
  }

  private async requestOnce({ http, status, headers, body }: HttpStep): Promise<string | undefined> {
    const content =
      http.text ?? (http.body === undefined ? undefined : JSON.stringify(fillIn(http.body, this.captures)));
    const response = await this.fetch(fillInPath(http.path, this.captures), {
      method: http.method,
      headers: {
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...(await this.authorization(http.as)),
        ...stringsOf(fillIn(http.headers ?? {}, this.captures)),
      },
      ...(content === undefined ? {} : { body: content }),
    });
    return await this.compareAnswer(response, { status, headers, body });
  }

  private async compareAnswer(
    response: Response,
    { status, headers, body }: Partial<Pick<HttpStep, 'headers' | 'body'>> & Pick<HttpStep, 'status'>,
  ): Promise<string | undefined> {
    const text = await response.text();
    if (![status].flat().includes(response.status))
      return `expected status ${[status].flat().join(' or ')}, got ${response.status}: ${text}`;
    const gotHeaders = Object.fromEntries(response.headers);
    const headerProblem = match(headers ?? {}, gotHeaders, this.captures);
    if (headerProblem !== undefined) return describe(headerProblem, gotHeaders);
    if (body === undefined) return undefined;
    const gotBody = readJson(text);
    const bodyProblem = match(body, gotBody, this.captures);
    return bodyProblem && describe(bodyProblem, gotBody);
  }

  private async authorization(as: Identity): Promise<Record<string, string>> {
    if (as === 'nobody') return {};
    return { authorization: `Bearer ${as === 'key' ? this.options.apiKey : await this.tokenOf(as.user)}` };
  }

  private async tokenOf(userId: string): Promise<string> {
    const known = this.tokens.get(userId);
    if (known !== undefined) return known;
    const response = await this.fetch('/api/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.options.apiKey}` },
      body: JSON.stringify({ userId }),
    });
    const text = await response.text();
    const captured: Captures = new Map();
    if (response.status !== 201 || match({ token: '$capture:token' }, readJson(text), captured) !== undefined) {
      throw new Error(`no token for ${userId}: ${response.status} ${text}`);
    }
    const token = String(captured.get('token'));
    this.tokens.set(userId, token);
    return token;
  }

  private fetch(path: string, init: RequestInit): Promise<Response> {
    return (this.options.fetch ?? globalThis.fetch)(`${this.options.baseUrl}${path}`, init);
  }

  private async open(name: string): Promise<ScenarioClient> {
    const before = this.clients.get(name);
    if (before !== undefined && before.closeCode === undefined) throw new Error(`${name} is open already`);
    const url = `${this.options.baseUrl.replace(/^http/, 'ws')}/ws?app=${this.options.appKey ?? 'demo'}`;
    const openSocket = this.options.openSocket ?? ((to, protocol) => new WebSocket(to, protocol));
    const client = new ScenarioClient(openSocket(url, 'belfry.v1'));
    this.clients.set(name, client);
    await client.open(this.withinMs);
    return client;
  }

  private async connect(step: ConnectStep): Promise<void> {
    const client = await this.open(step.connect);
    const data = {
      ...(step.user === undefined ? {} : { token: await this.tokenOf(step.user) }),
      page: step.page,
      device: { id: step.connect, type: step.deviceType, platform: 'scenario' },
      visible: step.visible ?? true,
      ...(step.resume === undefined ? {} : { resume: fillIn(step.resume, this.captures) }),
    };
    client.send(JSON.stringify({ id: 1, action: 'connect', data }));
    await this.expectFrame({ expect: step.connect, frame: { id: 1, ok: true, data: step.data ?? {} } });
  }

  private send(step: SendStep): void {
    const client = this.client(step.send);
    if (step.text !== undefined) {
      client.send(step.text);
      return;
    }
    const frame = { ...step.frame };
    for (let count = 0; count < (step.times ?? 1); count += 1) {
      const id = typeof frame['id'] === 'number' ? { id: frame['id'] + count } : {};
      client.send(JSON.stringify(fillIn({ ...frame, ...id }, this.captures)));
    }
  }

  private async expectFrame(step: ExpectStep): Promise<void> {
    const client = this.client(step.expect);
    const isAnswer = isObject(step.frame) && Object.hasOwn(step.frame, 'ok');
    const withinMs = step.withinMs ?? this.withinMs;
    let problem: string | undefined;
    const taken = await client.when(() => {
      // Which seqs are skipped, and when that is said, is the server's choice; only a step that asks for it
      // sees it.
      const list = isAnswer
        ? client.answers
        : client.events.filter((event) => !isSkipped(event) || isSkipped(step.frame));
      const place = this.find(step, list, isAnswer);
      if (place === undefined) return client.closeCode;
      problem = place.mismatch && describe(place.mismatch, place.frame);
      const queue = isAnswer ? client.answers : client.events;
      queue.splice(queue.indexOf(place.frame), 1);
      return true;
    }, withinMs);
    if (problem !== undefined) throw new Error(problem);
    if (taken === true) return;
    const why = taken === undefined ? `nothing came within ${withinMs} ms` : `the socket closed with ${taken}`;
    throw new Error(`${why}; not expected so far: ${JSON.stringify(isAnswer ? client.answers : client.events)}`);
  }

  // An answer is found by its id, or, when none is given, by the first that fits. An event must be the next
  // one.
  private find(step: ExpectStep, list: Record<string, unknown>[], isAnswer: boolean): Found | undefined {
    const id = isObject(step.frame) ? step.frame['id'] : undefined;
    const mustSearch = step.anywhere === true || (isAnswer && typeof id !== 'number');
    for (const frame of isAnswer && typeof id === 'number' ? list.filter((answer) => answer['id'] === id) : list) {
      const mismatch = match(step.frame, frame, this.captures);
      if (mismatch === undefined) return { frame, mismatch };
      if (!mustSearch) return { frame, mismatch };
    }
    return undefined;
  }

  private async expectNothing(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const client = this.client(name);
      this.barrierId += 1;
      client.send(JSON.stringify({ id: this.barrierId, action: 'heartbeat', data: {} }));
      await this.expectFrame({ expect: name, frame: { id: this.barrierId, ok: true } });
      const events = client.events.filter((event) => !isSkipped(event));
      if (events.length > 0) throw new Error(`${name} was to get nothing, and got ${JSON.stringify(events)}`);
    }
  }

  private async expectClose(
    client: ScenarioClient,
    code: number | number[] | undefined,
    withinMs: number,
  ): Promise<void> {
    const got = await client.when(() => client.closeCode, withinMs);
    if (got === undefined) throw new Error(`the socket did not close within ${withinMs} ms`);
    if (code !== undefined && ![code].flat().includes(got)) {
      throw new Error(`expected close code ${[code].flat().join(' or ')}, got ${got}`);
    }
  }

  private client(name: string): ScenarioClient {
    const client = this.clients.get(name);
    if (client === undefined) throw new Error(`no step has opened ${name}`);
    return client;
  }
}

interface Found {
  frame: Record<string, unknown>;
  mismatch: Mismatch | undefined;
}

function describe({ path, expected, got }: Mismatch, whole: unknown): string {
  return `at ${path}\n  expected ${expected}\n  got      ${got}\nof ${JSON.stringify(whole, undefined, 2)}`;
}

function isSkipped(frame: unknown): boolean {
  return isObject(frame) && frame['action'] === 'skipped';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function stringsOf(value: unknown): Record<string, string> {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, String(member)])) : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
