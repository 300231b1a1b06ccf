// The columns of one screen as the person who looks has them: kept in this browser for each account and screen. What
// an address says (`cols`) goes before that, and changes nothing of it.
import { goto } from '$app/navigation';
import { page } from '$app/state';
import { session } from '#lib/session/session.svelte.ts';
import { asMade, choiceOfAddress, isAsMade, readChoice, shownOf, type ColumnChoice } from './columns.ts';

interface Named {
  id: string;
  isFixed?: boolean;
}

export class ColumnLayout {
  readonly #screen: string;
  #kept = $state.raw<ColumnChoice>(asMade);

  constructor(screen: string) {
    this.#screen = screen;
    this.#kept = readChoice(new Map(Object.entries(this.#all())).get(screen));
  }

  shown<C extends Named>(columns: readonly C[]): C[] {
    return shownOf(columns, this.choice(columns));
  }

  choice(columns: readonly Named[]): ColumnChoice {
    return choiceOfAddress(columns, page.url.searchParams.get('cols')) ?? this.#kept;
  }

  /** What the address said is over then. */
  keep(choice: ColumnChoice): void {
    this.#kept = choice;
    const others = Object.entries(this.#all()).filter(([screen]) => screen !== this.#screen);
    const all = isAsMade(choice) ? others : [...others, [this.#screen, choice]];
    localStorage.setItem(this.#storedAs, JSON.stringify(Object.fromEntries(all)));
    if (!page.url.searchParams.has('cols')) return;
    const next = new URLSearchParams(page.url.search);
    next.delete('cols');
    void goto(`?${next.toString()}`, { replace: true, reset: false });
  }

  get #storedAs(): string {
    return `belfry-console-columns ${session.current?.account.id ?? ''}`;
  }

  #all(): Record<string, unknown> {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.#storedAs) ?? '{}');
      return typeof stored === 'object' && stored !== null ? { ...stored } : {};
    } catch {
      // Of another hand: begin anew.
      return {};
    }
  }
}
