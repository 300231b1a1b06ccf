// How one person is erased from one store, a part at a time. The order of the stores, and what comes before
// and after: maintenance/erasure.ts.

export interface EraseRequest {
  userId: string;
  /** A name of nobody: takes the place of the id where a record is kept for the sake of others. */
  as: string;
  /** The `next` of the part before. */
  after?: string | undefined;
  /** About so many records are looked at. */
  limit: number;
}

/**
 * Guarantees of every `erase`: durable when resolved; asked for again, from any place, it does what is left.
 * From the first part to the one without a `next` it looks at every record that was there at the beginning.
 * Costs by `limit`, however many records there are.
 */
export interface Erased {
  /** Records that were taken away or changed. */
  erased: number;
  /** Where the next part begins; absent when all were looked at. */
  next?: string;
}
