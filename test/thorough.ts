/**
 * The size of tests: `npm test` runs their short form. The integration tests set THOROUGH=yes for the long form of the same
 * files, with more seeds, lines and writers; FUZZ_SEEDS and FUZZ_FIRST select the seeds of generated input, and ROUNDS=10
 * multiplies the number of kills by ten.
 */

export const isThorough = process.env.THOROUGH === 'yes';

/** The first seed of generated input. */
export const FIRST_SEED = Number(process.env.FUZZ_FIRST ?? 1);

/** A number of lines, rounds or writers, for the current form. */
export function sized(short: number, long: number): number {
  return isThorough ? long : short;
}

/** A number of kills, and of the work meanwhile, multiplied by ROUNDS. */
export function rounds(usual: number): number {
  return Math.ceil(usual * Number(process.env.ROUNDS ?? 1));
}

/** The number of seeds, for the current form. */
export function seedCount(short: number, long: number): number {
  return Number(process.env.FUZZ_SEEDS ?? sized(short, long));
}
