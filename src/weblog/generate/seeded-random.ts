/** Random numbers from a seed: the same on any machine. */

/** Draws from a sequence of random numbers. */
export interface RandomSource {
  /** A whole number from 0 to `limit` - 1. @param limit at most 2 ** 32 */
  below(limit: number): number;
  /** The same, but small numbers come more often: of a thousand, 0 comes 30 times as often as in an even spread. */
  skewed(limit: number): number;
  /** A number from 0 to 1, without 1. */
  share(): number;
  /** One of the items, each equally likely. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

const RANGE = 2 ** 32;
/** Rounds until the numbers no longer show the seed, as its author recommends. */
const WARM_UP = 12;

/**
 * The generator sfc32, from Chris Doty-Humphrey's PractRand.
 *
 * @param seed a whole number of at least 0
 * @param stream a whole number; sequences of the same seed differ by it
 */
export function seededRandom(seed: number, stream: number): RandomSource {
  let a = seed >>> 0;
  let b = Math.floor(seed / RANGE) >>> 0;
  let c = stream;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  const below = (limit: number) => Math.floor((next() * limit) / RANGE);
  const share = () => next() / RANGE;
  const skewed = (limit: number) => {
    const drawn = share();
    return Math.floor(drawn * drawn * limit);
  };
  return {
    below,
    skewed,
    share,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
}
