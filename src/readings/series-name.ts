/** Sensor names made from several columns: `attic/temp`. */

/**
 * Joins names with slashes, escaping `%` and `/` in them as `%25` and `%2F`, so that no two lists of the same length give
 * the same name. A single name stays as it is; none gives an empty one.
 */
export function joinNames(names: readonly string[]): string {
  const [first = ''] = names;
  return names.length < 2 ? first : names.map((name) => name.replace(/[%/]/g, encodeURIComponent)).join('/');
}
