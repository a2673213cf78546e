// Which rows of a long list are worth drawing.

/** Where each row begins, and at last where the list ends. */
export function offsetsOf(count: number, height: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + height(i);
  return offsets;
}

export interface Range {
  start: number;
  end: number;
}

/** The rows between `top` and `top + height`, with `spare` pixels more on both sides. Ends before `end`. */
export function visibleRange(offsets: Float64Array, top: number, height: number, spare: number): Range {
  const count = offsets.length - 1;
  if (count <= 0) return { start: 0, end: 0 };
  const start = rowAt(offsets, top - spare);
  const end = Math.min(count, rowAt(offsets, top + height + spare) + 1);
  return { start, end };
}

/** The row that holds the point `y`; the first or last one outside. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** The scroll position that shows a row whole, moving as little as can be. */
export function scrollToShow(offsets: Float64Array, row: number, top: number, height: number): number {
  const begin = offsets[row] ?? 0;
  const end = offsets[row + 1] ?? begin;
  if (begin < top) return begin;
  if (end > top + height) return Math.max(0, end - height);
  return top;
}

/** How many columns of at least `min` fit, with `gap` between them. */
export function columnsFor(width: number, min: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (min + gap)));
}
