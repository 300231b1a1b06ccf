// `<belfry-status>`: shows the state of a connection and lets people connect, disconnect and try again. It
// changes nothing by itself; what a button does is the connection's.
import type { Belfry, BelfrySnapshot, ConnectionStatus, Unsubscribe } from '../types.ts';
import { statusStyle } from './status-style.ts';
import { textsFor, type StatusTexts } from './status-text.ts';

/** On a server that renders the page there are no elements; importing this file must work there. */
const Base = (globalThis as Partial<typeof globalThis>).HTMLElement ?? (Object as unknown as typeof HTMLElement);

/**
 * Attributes: `compact` shows the dot and the buttons alone (the text stays for screen readers), `lang`
 * chooses the language, `status` is set by the element for style sheets. Parts: `dot`, `label`, `error`, `countdown`,
 * `button`. Custom properties: `--belfry-status-connected`, `-waiting`, `-offline`, `-idle`,
 * `-button-background`, `-button-border`, `-button-hover`, `-radius`.
 */
export class BelfryStatus extends Base {
  static readonly observedAttributes = ['lang'];

  #belfry: Belfry | undefined;
  #texts: StatusTexts | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #parts: Parts | undefined;
  #countdown: ReturnType<typeof setInterval> | undefined;
  /** The moment counted to: as the snapshot has it, and by the monotonic clock. */
  #due: { retryAt: number; at: number } | undefined;
  #languages: MutationObserver | undefined;

  /** The connection that is shown. */
  get belfry(): Belfry | undefined {
    return this.#belfry;
  }
  set belfry(belfry: Belfry | undefined) {
    if (belfry === this.#belfry) return;
    this.#belfry = belfry;
    if (this.isConnected) this.#listen();
  }

  /** Texts of the application's own, for languages that the element has not. */
  get texts(): StatusTexts | undefined {
    return this.#texts;
  }
  set texts(texts: StatusTexts | undefined) {
    this.#texts = texts;
    this.#show();
  }

  connectedCallback(): void {
    this.#takeEarly('belfry');
    this.#takeEarly('texts');
    this.#languages = new MutationObserver(() => this.#show());
    this.#languages.observe(document.documentElement, { attributeFilter: ['lang'] });
    this.#listen();
  }

  disconnectedCallback(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#languages?.disconnect();
    this.#count(undefined);
  }

  attributeChangedCallback(): void {
    this.#show();
  }

  /** A value that was set before the element was defined lies on the object and hides the property. */
  #takeEarly(name: 'belfry' | 'texts'): void {
    const early = Object.getOwnPropertyDescriptor(this, name);
    if (early === undefined) return;
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, early.value);
  }

  #listen(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = this.#belfry?.subscribe(() => this.#show());
    this.#show();
  }

  #show(): void {
    if (!this.isConnected) return;
    const { label, error, countdown, toggle, retry } = (this.#parts ??= this.#build());
    const belfry = this.#belfry;
    const texts = this.#texts ?? textsFor(this);
    const status = belfry?.snapshot().status ?? 'closed';
    if (this.getAttribute('status') !== status) this.setAttribute('status', status);
    setText(label, texts.states[status]);
    // What the label does not say by itself. The code alone: the text is for who develops the page, and may be long.
    const lastError = status === 'connected' ? undefined : belfry?.snapshot().lastError;
    const problem = lastError?.code === 'connection_lost' ? undefined : lastError;
    error.hidden = problem === undefined;
    setText(error, problem?.code ?? '');
    error.title = problem?.message ?? '';
    setText(retry, texts.retryNow);
    setText(toggle, toggleText(status, texts));
    toggle.hidden = belfry === undefined || status === 'disabled' || status === 'signed_out';

    const retryAt = belfry?.snapshot().retryAt;
    const wasFocused = this.shadowRoot?.activeElement === retry;
    retry.hidden = status !== 'reconnecting' || retryAt === undefined;
    // The focus of a user who pressed the button that now goes is not thrown back to the top of the page.
    if (wasFocused && retry.hidden) toggle.focus();
    countdown.hidden = retryAt === undefined;
    if (retryAt !== undefined) setText(countdown, texts.retryIn(this.#secondsUntil(retryAt)));
    this.#count(retryAt);
  }

  /** By the monotonic clock from when it was known: the device's time of day may be set meanwhile. */
  #secondsUntil(retryAt: number): number {
    if (this.#due?.retryAt !== retryAt) this.#due = { retryAt, at: performance.now() + retryAt - Date.now() };
    return Math.max(0, Math.ceil((this.#due.at - performance.now()) / 1000));
  }

  /** Counts down once a second, only while there is something to count to. */
  #count(retryAt: BelfrySnapshot['retryAt']): void {
    if ((retryAt === undefined) === (this.#countdown === undefined)) return;
    if (retryAt === undefined) {
      clearInterval(this.#countdown);
      this.#countdown = undefined;
    } else this.#countdown = setInterval(() => this.#show(), 1000);
  }

  /** Once: what changes later is text and visibility, so that focus stays where it is. */
  #build(): Parts {
    const root = this.attachShadow({ mode: 'open' });
    // Not a <style> element: a content security policy without inline styles would leave it without any.
    const style = new CSSStyleSheet();
    style.replaceSync(statusStyle);
    root.adoptedStyleSheets = [style];
    const dot = part('span', 'dot', { 'aria-hidden': 'true' });
    const label = part('span', 'label', { role: 'status', 'aria-live': 'polite' });
    const error = part('span', 'error', {});
    // Beside the live region: a screen reader must not say every second.
    const countdown = part('span', 'countdown', { role: 'timer', 'aria-live': 'off' });
    const toggle = part('button', 'button', { type: 'button' });
    toggle.onclick = () => {
      const status = this.#belfry?.snapshot().status;
      if (status === 'closed' || status === 'offline') this.#belfry?.connect();
      else this.#belfry?.disconnect();
    };
    const retry = part('button', 'button', { type: 'button' });
    retry.onclick = () => this.#belfry?.connect();
    root.append(dot, label, error, countdown, retry, toggle);
    return { label, error, countdown, toggle, retry };
  }
}

interface Parts {
  label: HTMLElement;
  error: HTMLElement;
  countdown: HTMLElement;
  toggle: HTMLButtonElement;
  retry: HTMLButtonElement;
}

function part<T extends 'span' | 'button'>(
  tag: T,
  name: string,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries({ part: name, ...attributes })) element.setAttribute(key, value);
  return element;
}

function toggleText(status: ConnectionStatus, texts: StatusTexts): string {
  if (status === 'offline') return texts.retry;
  return status === 'closed' ? texts.connect : texts.disconnect;
}

/** A live region speaks when its text is set, even to the same. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
