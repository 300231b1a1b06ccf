// The language of the page: every message asks for it when it is shown, so a change shows at once. Which
// languages there are is decided in project.inlang.
import { isLocale, overwriteGetLocale, type Locale } from '#texts/runtime';

const storedAs = 'belfry-console-language';

/** Of `Intl`, and of the page's `lang`. */
const tags: Record<Locale, string> = { en: 'en-GB', zh: 'zh-CN' };

class Language {
  #current = $state<Locale>(first());

  get current(): Locale {
    return this.#current;
  }

  get tag(): string {
    return tags[this.#current];
  }

  set(locale: Locale): void {
    this.#current = locale;
    localStorage.setItem(storedAs, locale);
    this.apply();
  }

  apply(): void {
    document.documentElement.lang = this.tag;
  }
}

function first(): Locale {
  const wanted = [localStorage.getItem(storedAs) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag) => isLocale(tag)) ?? 'en';
}

export const language = new Language();
overwriteGetLocale(() => language.current);

export const languages: readonly { locale: Locale; name: string }[] = [
  { locale: 'en', name: 'English' },
  { locale: 'zh', name: '中文' },
];
