// The page's texts in the chosen language. The texts themselves: en.ts, zh.ts.
import type { ConnectionStatus } from '@belfry/client';
import type { PushReason, RealtimeReason } from '@belfry/protocol';
import { createContext } from 'svelte';
import { noSecret, tooSlow, unreachable, type Problem } from '../state/problem.ts';
import { en, reasonsEn, statusEn, type TextKey } from './en.ts';
import { reasonsZh, statusZh, zh } from './zh.ts';

export const locales = ['en', 'zh'] as const;
export type Locale = (typeof locales)[number];

const catalogues = {
  en: { texts: en, statuses: statusEn, reasons: reasonsEn, tag: 'en-GB' },
  zh: { texts: zh, statuses: statusZh, reasons: reasonsZh, tag: 'zh-CN' },
} as const;

/** Read in a template, every text follows the language. */
export class Texts {
  readonly #locale: () => Locale;

  constructor(locale: () => Locale) {
    this.#locale = locale;
  }

  get #catalogue() {
    return catalogues[this.#locale()];
  }

  t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return this.#catalogue.texts[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );
  }

  status(status: ConnectionStatus | 'idle'): string {
    return this.#catalogue.statuses[status];
  }

  reason(reason: RealtimeReason | PushReason): string {
    return this.#catalogue.reasons[reason];
  }

  problem({ code, message }: Problem): string {
    if (code === unreachable) return this.t('problem_unreachable');
    if (code === tooSlow) return this.t('problem_too_slow');
    if (code === noSecret) return this.t('problem_no_secret');
    return this.t('problem_refused', { code, message });
  }

  /** With milliseconds. */
  time(ms: number): string {
    const date = new Date(ms);
    const clock = date.toLocaleTimeString(this.#catalogue.tag, { hour12: false });
    return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  }
}

export const [useTexts, provideTexts] = createContext<Texts>();
