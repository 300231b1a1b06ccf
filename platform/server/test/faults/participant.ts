// One client of the workload, as a correct client is: connects again and again, resumes, asks for missing
// events, acknowledges in its own way. Not its schedule of faults.

import { setTimeout as sleep } from 'node:timers/promises';
import { Acknowledger } from './acknowledger.ts';
import { slackMs } from './checks/pushes.ts';
import type { ReaderRecord } from './history.ts';
import { Inbox, type Item } from './inbox.ts';
import { Link, LinkLost, type Answer, type ServerEvent } from './link.ts';
import type { Notebook } from './notebook.ts';
import { Outbox, type Draft } from './outbox.ts';
import type { Random } from './random.ts';
import { keyIn, tokenOf, waitMs, type App, type Role } from './setting.ts';

export interface ParticipantOptions {
  app: App;
  role: Role;
  /** Asked at each connection. */
  url(): string;
  notebook: Notebook;
  random: Random;
}

/** Well after the wait is over, and after a push that was due had its time. */
const lateMs = waitMs + slackMs + 1000;

export class Participant {
  readonly outbox: Outbox;
  readonly role: Role;
  readonly #options: ParticipantOptions;
  readonly #streams: string[];
  readonly #inbox: Inbox;
  readonly #stopping = new AbortController();
  readonly #acks: Acknowledger;
  readonly #timers = new Set<NodeJS.Timeout>();
  #link: Link | undefined;
  #mayConnect = true;
  #isStalled = false;
  #running: Promise<void> | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #nextN = 1;

  constructor(options: ParticipantOptions) {
    this.#options = options;
    const { role, app, notebook } = options;
    this.role = role;
    const own = app.conversations.filter(({ users }) => users.includes(role.user)).map(({ stream }) => stream);
    this.#streams = [...own, `i:${role.user}`];
    this.#inbox = new Inbox(this.#streams, (stream, item) => this.#released(stream, item));
    this.#acks = new Acknowledger({
      app: options.app.key,
      user: role.user,
      holds: role.visible || role.device === 'mobile',
      notebook,
      random: options.random,
      ask: (data) => this.#link?.ask('ack', data),
    });
    this.outbox = new Outbox({
      window: role.sends === 'floods' ? 200 : (role.sends?.window ?? 1),
      givesUp: role.sends === 'floods',
      notebook,
      onStored: ({ stream, key }, stored) => this.#inbox.take(stream, { ...stored, key }),
    });
  }

  get reader(): string {
    return `${this.role.user}-1`;
  }

  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  record(): ReaderRecord {
    const { app, role } = this.#options;
    return {
      app: app.key,
      reader: this.reader,
      user: role.user,
      deviceType: role.device,
      isUpAtEnd: role.habit !== 'away',
    };
  }

  start(): void {
    if (this.role.habit !== 'away') this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.outbox.detach();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#acks.stop();
    clearTimeout(this.#syncTimer);
    await this.#running;
  }

  /** Away until `comeBack`. */
  goAway(): void {
    this.#mayConnect = false;
    this.#link?.end();
  }

  comeBack(): void {
    this.#mayConnect = true;
  }

  stall(): void {
    if (this.#link === undefined) return;
    this.#record('stalled');
    this.#isStalled = true;
    this.#link.pause();
  }

  goOn(): void {
    if (this.#link === undefined || !this.#isStalled) return;
    this.#isStalled = false;
    this.#link.resume();
    this.#record('unstalled');
  }

  say(conversationId: string, padding: number): void {
    const { app, role } = this.#options;
    const n = this.#nextN;
    this.#nextN += 1;
    const key = [app.key, conversationId, role.user, n].join('/');
    const text = padding === 0 ? key : `${key} ${'x'.repeat(padding)}`;
    const stream = `c:${conversationId}`;
    this.outbox.add({ app: app.key, stream, conversationId, sender: role.user, n, key, text });
  }

  type(conversationId: string): void {
    this.#link?.send('typing', { conversationId, isTyping: true });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { random } = this.#options;
    while (!signal.aborted) {
      try {
        if (this.#mayConnect) await this.#live();
        // Full jitter, on a small scale: the schedule of a real client would make a run of hours.
        await sleep(random.between(20, 250), undefined, { signal });
      } catch (error) {
        // Nobody listens, or it was lost before it was answered, or this client is told to stop.
        if (!(error instanceof LinkLost) && !isNetwork(error)) throw error;
        await sleep(random.between(50, 250), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** One connection, from beginning to end. */
  async #live(): Promise<void> {
    const { app, role, url } = this.#options;
    const where = url();
    const link = await Link.open(where, app.key);
    const { signal } = this.#stopping;
    const end = (): void => link.end();
    signal.addEventListener('abort', end);
    try {
      // The stop may have come while it was opened.
      if (signal.aborted) return;
      link.onEvent = (event) => this.#onEvent(link, event);
      const answer = await link.ask('connect', {
        token: tokenOf(app, role.user),
        page: '/chat',
        device: { id: `${role.user}-device`, type: role.device },
        visible: role.visible,
        resume: this.#inbox.positions(),
      });
      if (!answer.ok) {
        this.#refusedConnect(answer);
        return;
      }
      this.#isStalled = false;
      this.#options.notebook.record({ type: 'opened', app: app.key, reader: this.reader, url: where });
      this.#link = link;
      this.#takeResumed(answer.data['resumed']);
      this.outbox.attach((draft) => carryBy(link, draft));
      this.#acks.again();
      await link.closed;
      this.#record('closed');
    } finally {
      this.#link = undefined;
      this.outbox.detach();
      link.end();
      signal.removeEventListener('abort', end);
    }
  }

  #refusedConnect({ error }: Answer): void {
    if (error?.retry === 'never') this.#odd(`${this.reader} may not connect: ${error.code}`);
  }

  #onEvent(link: Link, { action, stream, epoch, seq, data }: ServerEvent): void {
    if (action === 'goaway' && this.role.obeysGoaway === true) {
      this.#leave(link, Number(data['reconnectAfterMs']));
    } else if (action === 'skipped' && stream !== undefined) {
      this.#inbox.skip(stream, { from: Number(data['from']), to: Number(data['to']) });
    } else if (action === 'gap' && stream !== undefined) {
      this.#gap(stream, { epoch: epoch ?? 'e1', from: Number(data['from']), to: Number(data['to']) });
    } else if (stream !== undefined && seq !== undefined) {
      this.#inbox.take(stream, { seq, messageId: String(data['messageId']), key: keyOfData(data) });
    }
    if (this.#inbox.holes().length > 0) this.#syncSoon();
  }

  /** Waits for what is under way, then goes. */
  #leave(link: Link, afterMs: number): void {
    this.#later(Math.min(afterMs, 500), () => {
      if (!this.outbox.isUnderWay) link.close();
    });
  }

  #takeResumed(resumed: unknown): void {
    if (!Array.isArray(resumed)) return;
    for (const { stream, epoch, gap } of resumed as Resumed[]) {
      if (gap !== undefined) this.#gap(stream, { epoch: epoch ?? 'e1', ...gap });
    }
  }

  #gap(stream: string, gap: { epoch: string; from: number; to: number }): void {
    const { app, notebook } = this.#options;
    notebook.record({ type: 'gap', app: app.key, reader: this.reader, stream, from: gap.from, to: gap.to });
    this.#inbox.gap(stream, gap);
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      const streams = this.#inbox.holes();
      if (streams.length === 0) return;
      this.#ask('sync', { streams }, (answer) => this.#takeResumed(answer.data['resumed']));
      // Until the hole is filled.
      this.#later(1000, () => this.#syncSoon());
    }, 30);
  }

  #released(stream: string, item: Item): void {
    const { app, notebook } = this.#options;
    notebook.record({ type: 'released', app: app.key, reader: this.reader, stream, ...item });
    const { acks } = this.role;
    if (acks === 'never') return;
    if (acks === 'prompt') this.#acks.record(stream, item.seq);
    else this.#later(lateMs, () => this.#acks.record(stream, item.seq));
  }

  #ask(action: string, data: Record<string, unknown>, onAnswer: (answer: Answer) => void): void {
    // Lost with the connection: the next one begins with all that this was about.
    this.#link?.ask(action, data).then(onAnswer, () => undefined);
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #record(type: 'closed' | 'stalled' | 'unstalled'): void {
    this.#options.notebook.record({ type, app: this.#options.app.key, reader: this.reader });
  }

  #odd(what: string): void {
    this.#options.notebook.record({ type: 'odd', what });
  }
}

interface Resumed {
  stream: string;
  epoch?: string;
  gap?: { from: number; to: number };
}

function carryBy(link: Link, { conversationId, key, text }: Draft): Promise<Answer> {
  return link.ask('message', { conversationId, cid: key.replaceAll('/', ':'), type: 'text', content: { text } });
}

export function keyOfData({ content, title }: Record<string, unknown>): string {
  const text = typeof content === 'object' && content !== null && 'text' in content ? content.text : title;
  return typeof text === 'string' ? keyIn(text) : 'unknown';
}

/** The errors of a socket when there is no server, or no server any more. */
function isNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (error.name === 'AbortError') return true;
  return (
    /^E[A-Z]+$/.test(code) ||
    /Unexpected server response: 503|socket hang up|handshake|WebSocket was closed/.test(error.message)
  );
}
