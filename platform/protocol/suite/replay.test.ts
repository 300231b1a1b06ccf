// The runner passes a server that does as written, and says plainly what another did instead.
import { describe, expect, it } from 'vitest';
import type { Socket } from './client.ts';
import { scenarioSchema } from './format.ts';
import { replay } from './replay.ts';
import { signWebhook } from './sign.ts';

type Listener = (event: unknown) => void;
type Reaction = (frame: Record<string, unknown>, socket: FakeSocket) => void;

/** The server's end of a socket, answering each frame by the reaction it was given. */
class FakeSocket implements Socket {
  readonly sent: string[] = [];
  isOpen = true;
  private readonly listeners = new Map<string, Listener[]>();
  private readonly react: Reaction;

  constructor(react: Reaction) {
    this.react = react;
    queueMicrotask(() => this.emit('open', {}));
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(text);
    queueMicrotask(() => this.react(JSON.parse(text), this));
  }

  close(code = 1005): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    queueMicrotask(() => this.emit('close', { code }));
  }

  deliver(frame: unknown): void {
    this.emit('message', { data: JSON.stringify(frame) });
  }

  private emit(type: string, event: unknown): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }
}

interface World {
  steps: unknown[];
  react?: Reaction;
  respond?: (request: Request) => Response;
}

/** Plays the steps; the error's message, or undefined, and all sockets that were opened. */
async function play({ steps, react, respond }: World): Promise<{ problem: string | undefined; sockets: FakeSocket[] }> {
  const sockets: FakeSocket[] = [];
  const answer: Reaction = (frame, socket) => socket.deliver({ id: frame['id'], ok: true, data: {} });
  const problem = await replay({
    scenario: scenarioSchema.parse({ name: 'test', description: 'x', steps }),
    baseUrl: 'http://server.test',
    apiKey: 'key',
    withinMs: 30,
    openSocket: () => {
      const socket = new FakeSocket(react ?? answer);
      sockets.push(socket);
      return socket;
    },
    fetch: (input, init) => {
      const request = new Request(input, init);
      if (new URL(request.url).pathname === '/api/v1/tokens')
        return Promise.resolve(Response.json({ token: 't' }, { status: 201 }));
      return Promise.resolve((respond ?? (() => Response.json({})))(request));
    },
  }).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  return { problem, sockets };
}

const connect = { connect: 'bob', user: 'bob', page: '/chat', deviceType: 'desktop' };

describe('a request', () => {
  const step = { http: { as: 'key', method: 'GET', path: '/api/v1/x' }, status: 200, body: { n: 1 } };

  it('passes when the answer fits', async () => {
    const { problem } = await play({ steps: [step], respond: () => Response.json({ n: 1, more: true }) });
    expect(problem).toBeUndefined();
  });

  it('fails with scenario, step and both values', async () => {
    const { problem } = await play({ steps: [step], respond: () => Response.json({ n: 2 }) });
    expect(problem).toContain('test, step 1');
    expect(problem).toMatch(/at n\s+expected 1\s+got +2/);
  });

  it('fails on another status, and shows the body', async () => {
    const { problem } = await play({ steps: [step], respond: () => new Response('gone', { status: 410 }) });
    expect(problem).toContain('expected status 200, got 410: gone');
  });

  it('is repeated when its answer may be right eventually', async () => {
    let calls = 0;
    const respond = (): Response => Response.json({ n: (calls += 1) - 1 });
    expect((await play({ steps: [{ ...step, eventually: true, withinMs: 5000 }], respond })).problem).toBeUndefined();
    expect(calls).toBe(2);
  });

  it('carries the credentials and the captures that the step names', async () => {
    const seen: string[] = [];
    const respond = (request: Request): Response => {
      seen.push(`${new URL(request.url).pathname} ${request.headers.get('authorization') ?? 'none'}`);
      return Response.json({ id: 'a b' });
    };
    const get = (as: unknown, path: string): unknown => ({
      http: { as, method: 'GET', path },
      status: 200,
      body: { id: '$capture:id' },
    });
    await play({ steps: [get('nobody', '/a'), get({ user: 'bob' }, '/b/{id}'), get('key', '/c')], respond });
    expect(seen).toEqual(['/a none', '/b/a%20b Bearer t', '/c Bearer key']);
  });
});

describe('a webhook', () => {
  const hook = {
    id: 'lab',
    webhookId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };

  it('is signed over the body that is sent, and its answer is compared', async () => {
    const seen: Request[] = [];
    const respond = (request: Request): Response => {
      seen.push(request.clone());
      return Response.json({ duplicate: false }, { status: 202 });
    };
    const step = { hook: { ...hook, body: { test: 2432232314 } }, status: 202, body: { duplicate: false } };
    expect((await play({ steps: [step], respond })).problem).toBeUndefined();
    const [request] = seen;
    if (request === undefined) throw new Error('nothing was sent');
    expect(new URL(request.url).pathname).toBe('/hooks/lab');
    expect(await request.text()).toBe('{"test":2432232314}');
    expect((await play({ steps: [{ ...step, body: { duplicate: true } }], respond })).problem).toContain(
      'at duplicate',
    );
  });

  it('has the signature of the example in the standard', async () => {
    const headers = await signWebhook({
      id: hook.webhookId,
      secret: hook.secret,
      content: '{"test": 2432232314}',
      timestamp: 1_614_265_330,
    });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

describe('a client', () => {
  it('connects with a token of its user', async () => {
    const { problem, sockets } = await play({ steps: [connect] });
    expect(problem).toBeUndefined();
    expect(JSON.parse(sockets[0]?.sent[0] ?? '')).toMatchObject({
      id: 1,
      action: 'connect',
      data: { token: 't', page: '/chat', visible: true },
    });
  });

  it('gets its answer whatever events came before, and the events in their order', async () => {
    const react: Reaction = (frame, socket) => {
      socket.deliver({ action: 'first', data: {} });
      socket.deliver({ action: 'skipped', data: {} });
      socket.deliver({ action: 'second', data: {} });
      socket.deliver({ id: frame['id'], ok: true, data: {} });
    };
    const expectEvent = (action: string, more = {}): unknown => ({ expect: 'bob', frame: { action }, ...more });
    const inOrder = [connect, expectEvent('first'), expectEvent('second')];
    expect((await play({ steps: inOrder, react })).problem).toBeUndefined();
    expect((await play({ steps: [connect, expectEvent('second')], react })).problem).toMatch(
      /expected "second"\s+got +"first"/,
    );
    const anywhere = [connect, expectEvent('second', { anywhere: true }), expectEvent('first'), expectEvent('skipped')];
    expect((await play({ steps: anywhere, react })).problem).toBeUndefined();
  });

  it('fails when it was to get nothing and got something', async () => {
    const react: Reaction = (frame, socket) => {
      if (frame['action'] === 'heartbeat') socket.deliver({ action: 'surprise', data: {} });
      socket.deliver({ id: frame['id'], ok: true, data: {} });
    };
    expect((await play({ steps: [connect, { expectNothing: ['bob'] }], react })).problem).toContain('surprise');
    expect((await play({ steps: [connect, { expectNothing: ['bob'] }] })).problem).toBeUndefined();
  });

  it('says for how long it waited in vain', async () => {
    const { problem } = await play({ steps: [connect, { expect: 'bob', frame: { action: 'x' } }] });
    expect(problem).toContain('nothing came within 30 ms');
  });

  it('reports that it was closed meanwhile', async () => {
    const react: Reaction = (_frame, socket) => socket.close(4501);
    expect((await play({ steps: [connect], react })).problem).toContain('closed with 4501');
  });

  it('expects its closing with a code', async () => {
    const react: Reaction = (_frame, socket) => socket.close(4500);
    const steps = (code: number): unknown[] => [
      { open: 'bob' },
      { send: 'bob', frame: { action: 'x' } },
      { expectClose: 'bob', code },
    ];
    expect((await play({ steps: steps(4500), react })).problem).toBeUndefined();
    expect((await play({ steps: steps(4501), react })).problem).toContain('expected close code 4501, got 4500');
  });

  it('repeats a frame with ids that count up', async () => {
    const steps = [
      { open: 'bob' },
      { send: 'bob', frame: { id: 5, action: 'x' }, times: 3 },
      { expect: 'bob', frame: { id: 7, ok: true } },
    ];
    const { problem, sockets } = await play({ steps });
    expect(problem).toBeUndefined();
    expect(sockets[0]?.sent.map((text) => JSON.parse(text).id)).toEqual([5, 6, 7]);
  });

  it('is closed at the end, also after a failure', async () => {
    const { sockets } = await play({
      steps: [connect, { ...connect, connect: 'carol' }, { expect: 'bob', frame: { action: 'x' } }],
    });
    expect(sockets.map((socket) => socket.isOpen)).toEqual([false, false]);
  });
});
