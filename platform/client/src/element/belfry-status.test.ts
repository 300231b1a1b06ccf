// @vitest-environment happy-dom
// The status element as people and screen readers meet it: text, buttons, language, and what stays when it is
// taken away.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBelfry, type FakeBelfry } from '../../test/fake-belfry.ts';
import type { ConnectionStatus } from '../types.ts';
import type { BelfryStatus } from './index.ts';
import './index.ts';

let belfry: FakeBelfry;
let element: BelfryStatus;

beforeEach(() => {
  belfry = fakeBelfry();
  element = document.createElement('belfry-status');
  element.lang = 'en';
  element.belfry = belfry;
  document.body.append(element);
});

afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.lang = '';
  vi.useRealTimers();
});

function inside(selector: string): HTMLElement {
  const found = element.shadowRoot?.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}
const said = (): string | null => inside('[role=status]').textContent;
const buttons = (): HTMLButtonElement[] =>
  [...(element.shadowRoot?.querySelectorAll('button') ?? [])].filter((button) => !button.hidden);
const labels = (): (string | null)[] => buttons().map((button) => button.textContent);

test.each<[ConnectionStatus, string, string[]]>([
  ['disabled', 'Not used on this page', []],
  ['signed_out', 'Signed out', []],
  ['connecting', 'Connecting', ['Disconnect']],
  ['connected', 'Connected', ['Disconnect']],
  ['reconnecting', 'Connection lost', ['Disconnect']],
  ['offline', 'Offline', ['Try again']],
  ['closed', 'Disconnected', ['Connect']],
])('%s is shown as "%s" with the buttons %j', (status, text, offered) => {
  belfry.become({ status });

  expect(said()).toBe(text);
  expect(labels()).toEqual(offered);
  expect(element.getAttribute('status')).toBe(status);
});

test.each<[ConnectionStatus, string]>([
  ['closed', 'connect'],
  ['offline', 'connect'],
  ['connected', 'disconnect'],
  ['connecting', 'disconnect'],
])('its button while %s does: %s', (status, call) => {
  belfry.become({ status });
  buttons()[0]?.click();

  expect(belfry.calls).toEqual([call]);
});

test('counts down to the next attempt outside of the text for screen readers, and can try at once', () => {
  vi.useFakeTimers({ now: 0 });
  belfry.become({ status: 'reconnecting', retryAt: 12_000 });
  const countdown = inside('[role=timer]');
  expect(countdown.textContent).toBe('next attempt in 12 s');
  expect(countdown.getAttribute('aria-live')).toBe('off');

  vi.advanceTimersByTime(5000);
  expect(countdown.textContent).toBe('next attempt in 7 s');
  expect(said()).toBe('Connection lost');
  expect(labels()).toEqual(['Try now', 'Disconnect']);

  buttons()[0]?.click();
  expect(belfry.calls).toEqual(['connect']);
  belfry.become({ status: 'connected', retryAt: undefined });
  expect(countdown.hidden).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('keeps the focus inside when the button that had it goes', () => {
  belfry.become({ status: 'reconnecting', retryAt: Date.now() + 60_000 });
  buttons()[0]?.focus();
  belfry.become({ status: 'connected', retryAt: undefined });

  expect(element.shadowRoot?.activeElement?.textContent).toBe('Disconnect');
});

test('leaves the text alone when nothing changed, so that it is not read out again', () => {
  belfry.become({ status: 'connected' });
  const text = inside('[role=status]').firstChild;
  belfry.become({ status: 'connected', syncSignal: 1 });

  expect(inside('[role=status]').firstChild).toBe(text);
});

test('speaks the language of the nearest lang, and follows it', async () => {
  element.removeAttribute('lang');
  document.documentElement.lang = 'zh-CN';
  await vi.waitFor(() => expect(said()).toBe('未连接'));
  expect(labels()).toEqual(['连接']);

  element.lang = 'en';
  expect(said()).toBe('Disconnected');
});

test("takes the application's own texts for other languages", () => {
  const states = Object.fromEntries(['closed', 'connected'].map((state) => [state, `* ${state}`]));
  element.texts = {
    states: states as Record<ConnectionStatus, string>,
    connect: 'Verbinden',
    disconnect: 'Trennen',
    retry: 'Nochmal',
    retryNow: 'Jetzt',
    retryIn: String,
  };

  expect(said()).toBe('* closed');
  expect(labels()).toEqual(['Verbinden']);
});

test('finds the connection that was set before the element was known', () => {
  const early = document.createElement('belfry-status');
  Object.defineProperty(early, 'belfry', { value: belfry, configurable: true });
  belfry.become({ status: 'connected' });
  document.body.append(early);

  expect(early.belfry).toBe(belfry);
  expect(early.getAttribute('status')).toBe('connected');
});

test('leaves nothing behind when it is taken away, and goes on when it is put back', () => {
  vi.useFakeTimers();
  belfry.become({ status: 'reconnecting', retryAt: Date.now() + 60_000 });
  element.remove();
  expect(belfry.listeners()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);

  document.body.append(element);
  belfry.become({ status: 'connected', retryAt: undefined });
  expect(said()).toBe('Connected');
});

test('turns to another connection when it is given one', () => {
  const other = fakeBelfry({ status: 'connected' });
  element.belfry = other;

  expect(said()).toBe('Connected');
  expect(belfry.listeners()).toBe(0);
});

test('beside the state it shows the code of what is wrong, until it is not; a lost network speaks for itself', () => {
  const problem = { code: 'forbidden', message: 'The origin is not on the list of the app.', retry: 'never' } as const;
  belfry.become({ status: 'closed', lastError: problem });
  expect([inside('[part=error]').textContent, inside('[part=error]').title]).toEqual(['forbidden', problem.message]);
  expect(inside('[part=error]').hidden).toBe(false);
  belfry.become({ status: 'reconnecting', lastError: { ...problem, code: 'connection_lost' } });
  expect(inside('[part=error]').hidden).toBe(true);
  belfry.become({ status: 'connected', lastError: undefined });
  expect(inside('[part=error]').hidden).toBe(true);
});
