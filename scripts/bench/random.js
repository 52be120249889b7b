/** Pseudo-random numbers and names, the same in each run. */

/** Marsaglia's xorshift32, as 32-bit integers. @param {number} seed */
export function generator(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const SYLLABLES =
  'al ber cas dor en fra gor hul ist jor kal lin mar nor ost pel quin ros sten tor ul ver wes xan yor zür'.split(
    ' ',
  );

/** City-like names: one to three words, some with non-ASCII letters. @param {number} count */
export function stationNames(count) {
  const random = generator(413);
  const word = () => {
    let text = '';
    for (let syllables = 2 + (random() % 2); syllables > 0; syllables--)
      text += SYLLABLES[random() % SYLLABLES.length];
    return text[0].toUpperCase() + text.slice(1);
  };
  /** @type {Set<string>} */
  const names = new Set();
  while (names.size < count)
    names.add(Array.from({ length: 1 + ((random() % 3) % 2) + Number(random() % 4 === 0) }, word).join(' '));
  return [...names];
}
