// What a list can be narrowed by, with how much there is of each value.

export interface Facet {
  /** Of the filter. */
  name: string;
  title: string;
  values: readonly { value: string; text: string; count: number }[];
}
