// What a table is given about a column.

export interface Column {
  id: string;
  title: string;
  /** A share of the width, as of a grid. */
  width: string;
  /** Not on a card. */
  isExtra?: boolean;
  align?: 'end';
  /** What the list can be in the order of; its title is then a button. */
  sort?: string;
  /** Says what the row is: nobody hides it. */
  isFixed?: boolean;
}
