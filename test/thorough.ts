/**
 * How much tests do: `npm test` runs their short form. The integration tests set THOROUGH=yes for the long one, in which
 * the same files have more seeds, lines and writers; FUZZ_SEEDS and FUZZ_FIRST choose the seeds of invented input, and
 * ROUNDS=10 has what is killed again and again killed ten times as often.
 */

export const isThorough = process.env.THOROUGH === 'yes';

/** The seed that invented input begins with. */
export const FIRST_SEED = Number(process.env.FUZZ_FIRST ?? 1);

/** A number of lines, rounds or writers for the form that runs. */
export function sized(short: number, long: number): number {
  return isThorough ? long : short;
}

/** A number of kills, and of what there is to do meanwhile, times ROUNDS. */
export function rounds(usual: number): number {
  return Math.ceil(usual * Number(process.env.ROUNDS ?? 1));
}

/** The number of seeds for the form that runs. */
export function seedCount(short: number, long: number): number {
  return Number(process.env.FUZZ_SEEDS ?? sized(short, long));
}
