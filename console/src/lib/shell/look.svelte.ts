// How the page looks and speaks for the one who uses it: theme, density, time zone, exact times. Kept in this
// browser, so that it holds before anybody is signed in; signing in brings the account's own.
import type { Account } from '#lib/api/shapes.ts';
import { language } from '#lib/texts/language.svelte.ts';
import { isLocale } from '#texts/runtime';
import { isZone, type TimeStyle } from '#lib/texts/times.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const densities = ['compact', 'default', 'comfortable'] as const;
export type Density = (typeof densities)[number];

const storedAs = 'belfry-console-look';

interface Kept {
  theme: Theme;
  density: Density;
  zone: string;
  exactTimes: boolean;
  singleKeys: boolean;
}

class Look {
  #kept = $state<Kept>(stored());

  get theme(): Theme {
    return this.#kept.theme;
  }
  get density(): Density {
    return this.#kept.density;
  }
  get exactTimes(): boolean {
    return this.#kept.exactTimes;
  }
  get singleKeys(): boolean {
    return this.#kept.singleKeys;
  }
  /** For every time that is shown. */
  get times(): TimeStyle {
    return { tag: language.tag, zone: this.#kept.zone };
  }
  get rowPx(): number {
    return { compact: 28, default: 36, comfortable: 44 }[this.#kept.density];
  }

  change(fields: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...fields };
    localStorage.setItem(storedAs, JSON.stringify(this.#kept));
    this.apply();
  }

  apply(): void {
    const { dataset } = document.documentElement;
    dataset['theme'] = this.#kept.theme;
    dataset['density'] = this.#kept.density;
  }

  /** What the account has chosen, on whatever machine. */
  follow(account: Pick<Account, 'theme' | 'density' | 'timeZone' | 'singleKeys' | 'locale'>): void {
    const { theme, density, timeZone, singleKeys, locale } = account;
    this.change({ ...known({ theme, density, zone: timeZone, singleKeys }) });
    const short = locale.slice(0, 2);
    if (isLocale(short) && short !== language.current) language.set(short);
  }
}

function stored(): Kept {
  let kept: Record<string, unknown> = {};
  try {
    kept = JSON.parse(localStorage.getItem(storedAs) ?? '{}') as Record<string, unknown>;
  } catch {
    // Of another hand: begin anew.
  }
  return { theme: 'system', density: 'default', zone: '', exactTimes: false, singleKeys: true, ...known(kept) };
}

/** Leaves out what this version does not know. */
function known(fields: Record<string, unknown>): Partial<Kept> {
  const { theme, density, zone, exactTimes, singleKeys } = fields;
  return {
    ...(themes.some((each) => each === theme) ? { theme: theme as Theme } : {}),
    ...(densities.some((each) => each === density) ? { density: density as Density } : {}),
    ...(typeof zone === 'string' && (zone === '' || isZone(zone)) ? { zone } : {}),
    ...(typeof exactTimes === 'boolean' ? { exactTimes } : {}),
    ...(typeof singleKeys === 'boolean' ? { singleKeys } : {}),
  };
}

export const look = new Look();
