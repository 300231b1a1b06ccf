// Searches a list by halves: the place at which something begins to be true.

/**
 * The first index of a list of so many for which it is true, or `length`: in as many looks as the length has bits.
 * From there on it has to be true for all that follow.
 */
export function firstIndex(length: number, isTrue: (index: number) => boolean): number {
  let low = 0;
  for (let high = length; low < high;) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
