// Access tokens of one configuration: each got once, shared by all calls, and got anew before it ends. How a
// token is got is the plugin's.
import type { PluginClock, PluginToken, PluginTokens, TokenOptions } from './provider-context.ts';

/** Calls under way when a token is used still find it good. */
const usualEarlyMs = 5 * 60_000;
/** Services lock out who asks again and again after a refusal. */
const failureKeptMs = 5_000;
/** No plugin needs more; the oldest goes. */
const mostTokens = 100;

interface Failure {
  error: unknown;
  untilMs: number;
}

export class TokenCache implements PluginTokens {
  readonly #clock: PluginClock;
  readonly #tokens = new Map<string, PluginToken>();
  readonly #loading = new Map<string, Promise<string>>();
  readonly #failures = new Map<string, Failure>();

  constructor(clock: PluginClock) {
    this.#clock = clock;
  }

  async get(name: string, load: () => Promise<PluginToken>, options: TokenOptions = {}): Promise<string> {
    const { earlyMs = usualEarlyMs, signal } = options;
    signal?.throwIfAborted();
    const nowMs = this.#clock.now();
    const known = this.#tokens.get(name);
    if (known !== undefined && known.expiresAtMs - earlyMs > nowMs) return known.value;
    const failure = this.#failures.get(name);
    if (failure !== undefined && failure.untilMs > nowMs) {
      // One that has not ended yet is better than none.
      if (known !== undefined && known.expiresAtMs > nowMs) return known.value;
      throw failure.error;
    }
    const loading = this.#loading.get(name) ?? this.#load(name, load);
    return signal === undefined ? loading : untilAborted(loading, signal);
  }

  drop(name: string, value: string): void {
    if (this.#tokens.get(name)?.value === value) this.#tokens.delete(name);
  }

  #load(name: string, load: () => Promise<PluginToken>): Promise<string> {
    const loading = this.#loaded(name, load).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    // Each who waits may have left; the failure is kept for who comes next.
    loading.catch(() => undefined);
    return loading;
  }

  async #loaded(name: string, load: () => Promise<PluginToken>): Promise<string> {
    try {
      const token = await load();
      this.#failures.delete(name);
      this.#tokens.delete(name);
      this.#tokens.set(name, token);
      const [oldest] = this.#tokens.keys();
      if (this.#tokens.size > mostTokens && oldest !== undefined) this.#tokens.delete(oldest);
      return token.value;
    } catch (error) {
      const [oldest] = this.#failures.keys();
      if (this.#failures.size >= mostTokens && oldest !== undefined) this.#failures.delete(oldest);
      this.#failures.set(name, { error, untilMs: this.#clock.now() + failureKeptMs });
      throw error;
    }
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
