// Which columns of a list are shown, and in what order: what a person chose, laid over what the screen has. Where
// the choice is kept: column-layout.svelte.ts.

export interface ColumnChoice {
  /** As far as the person moved any; columns that it does not name stand where the screen has them. */
  order: readonly string[];
  hidden: readonly string[];
}

interface Named {
  id: string;
  /** Says what the row is: it is always there. */
  isFixed?: boolean;
}

export const asMade: ColumnChoice = { order: [], hidden: [] };

/** All of them, those that are hidden too. */
export function inOrder<C extends Named>(columns: readonly C[], { order }: ColumnChoice): C[] {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const placed = order.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(order);
  for (const [at, column] of columns.entries()) {
    if (known.has(column.id)) continue;
    // One that came with a newer version stands behind the one that it stands behind there.
    const before = columns.slice(0, at).findLast(({ id }) => placed.some((each) => each.id === id));
    placed.splice(before === undefined ? 0 : placed.indexOf(before) + 1, 0, column);
  }
  return placed;
}

export function shownOf<C extends Named>(columns: readonly C[], choice: ColumnChoice): C[] {
  return inOrder(columns, choice).filter(({ id, isFixed }) => isFixed === true || !choice.hidden.includes(id));
}

export function withShown(choice: ColumnChoice, id: string, isShown: boolean): ColumnChoice {
  const others = choice.hidden.filter((each) => each !== id);
  return { ...choice, hidden: isShown ? others : [...others, id] };
}

/** `by` places further on; not beyond an end. */
export function moved(columns: readonly Named[], choice: ColumnChoice, { id, by }: { id: string; by: number }) {
  const ids = inOrder(columns, choice).map((column) => column.id);
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return choice;
  ids.splice(from, 1);
  ids.splice(to, 0, id);
  return { ...choice, order: ids };
}

export function isAsMade({ order, hidden }: ColumnChoice): boolean {
  return order.length === 0 && hidden.length === 0;
}

/** `cols=user,rtt` of an address: these, in this order, and no other. Undefined where it names none of them. */
export function choiceOfAddress(columns: readonly Named[], text: string | null): ColumnChoice | undefined {
  const named = (text ?? '').split(',').filter((id) => columns.some((column) => column.id === id));
  if (named.length === 0) return undefined;
  return { order: named, hidden: columns.map(({ id }) => id).filter((id) => !named.includes(id)) };
}

/** What another version or hand wrote is no choice. */
export function readChoice(stored: unknown): ColumnChoice {
  if (typeof stored !== 'object' || stored === null) return asMade;
  const { order, hidden } = stored as Record<string, unknown>;
  return { order: texts(order), hidden: texts(hidden) };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
