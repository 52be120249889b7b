/** Where rows are missing: their usual distance, and what is too far beyond it. */

/** Neighbours this many usual distances apart have a row missing between them. */
const GAP = 1.75;

/** A distance between neighbours in milliseconds, and how often it occurs. */
export interface Distance {
  readonly length: number;
  readonly times: number;
}

/** The median of the distances, the lower one of two, so that a gap in few rows still shows; undefined without any. */
export function usualDistance(distances: readonly Distance[]): number | undefined {
  const sorted = distances.toSorted((a, b) => a.length - b.length);
  const half = sorted.reduce((sum, { times }) => sum + times, 0) / 2;
  let counted = 0;
  return sorted.find(({ times }) => {
    counted += times;
    return counted >= half;
  })?.length;
}

/** Whether neighbours this far apart have a gap between them; never where the usual distance is not known. */
export function isGap(distance: number, usual: number | undefined): boolean {
  return usual !== undefined && distance >= GAP * usual;
}
