/** Random numbers by a seed: the same ones on any machine. */

export interface Random {
  /** A whole number from 0 up to, but less than, `limit`, which is at most 2 ** 32. */
  below(limit: number): number;
  /** The same, but small ones come more often, as favourites do: the first of a thousand 30 times as often as all alike. */
  skewed(limit: number): number;
  /** A number from 0 up to, but less than, 1. */
  share(): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

const RANGE = 2 ** 32;
/** Rounds after which nothing of the seed shows, as its author has it. */
const WARM_UP = 12;

/**
 * sfc32, of Chris Doty-Humphrey's PractRand.
 *
 * @param seed a whole number of at least 0
 * @param stream tells sequences of the same seed apart
 */
export function seededRandom(seed: number, stream: number): Random {
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
