/** Detects missing rows by the typical interval between rows. */

/** Neighbours at least this many typical intervals apart have a gap between them. */
const GAP = 1.75;

/** An interval between neighbours in milliseconds, and its frequency. */
export interface Distance {
  readonly length: number;
  readonly times: number;
}

/** The lower median of the intervals, so that a gap among few rows still shows; undefined without any. */
export function usualDistance(distances: readonly Distance[]): number | undefined {
  const sorted = distances.toSorted((a, b) => a.length - b.length);
  const half = sorted.reduce((sum, { times }) => sum + times, 0) / 2;
  let counted = 0;
  return sorted.find(({ times }) => {
    counted += times;
    return counted >= half;
  })?.length;
}

/** Whether neighbours this far apart have a gap between them; false when the typical interval is unknown. */
export function isGap(distance: number, usual: number | undefined): boolean {
  return usual !== undefined && distance >= GAP * usual;
}
