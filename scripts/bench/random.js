/** Numbers and names that look random and are the same at every run. */

/** Marsaglia's xorshift32: whole numbers of 32 bits. @param {number} seed */
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

/** Names like those of cities: one to three words, some with letters beyond ASCII. @param {number} count */
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
