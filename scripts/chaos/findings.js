/** The findings of a round: broken promises, with details. */

/** The columns of the table. */
export const KINDS = /** @type {const} */ (['lost', 'doubled', 'torn', 'hung', 'stack traces', 'other']);

/** @typedef {(typeof KINDS)[number]} Kind */
/** @typedef {{ readonly kind: Kind, readonly text: string }} Finding */
/** @typedef {import('./run.js').Ended} Ended */

/**
 * What is wrong with how a command ended, whatever its work.
 *
 * @param {Ended} ended
 * @returns {Finding[]}
 */
export function endFindings({ status, stderr, hung }) {
  /** @type {Finding[]} */
  const found = [];
  if (hung) found.push({ kind: 'hung', text: `it did not end: ${excerpt(stderr)}` });
  if (/this is a bug|^ {4}at /m.test(stderr) || status === 70)
    found.push({ kind: 'stack traces', text: excerpt(stderr) });
  return found;
}

/**
 * Compares the content of a file or store with the allowed contents.
 *
 * @param {string} what its name
 * @param {string} actual lines
 * @param {readonly string[]} wanted each of them is allowed
 * @returns {Finding[]}
 */
export function compareLines(what, actual, wanted) {
  if (wanted.includes(actual)) return [];
  const lines = linesOf(actual);
  const nearest = wanted.map((text) => difference(lines, linesOf(text))).sort((a, b) => a.size - b.size)[0];
  if (nearest === undefined) return [];
  const { missing, doubled, strange } = nearest;
  /** @type {Finding[]} */
  const found = [];
  if (missing.length > 0) found.push({ kind: 'lost', text: `${what}: ${listed(missing)}` });
  if (doubled.length > 0) found.push({ kind: 'doubled', text: `${what}: ${listed(doubled)}` });
  if (strange.length > 0) found.push({ kind: 'torn', text: `${what}: ${listed(strange)}` });
  if (found.length === 0) found.push({ kind: 'torn', text: `${what}: in another order, or with a torn end` });
  return found;
}

/**
 * @param {readonly string[]} actual
 * @param {readonly string[]} wanted
 */
function difference(actual, wanted) {
  const counts = new Map(wanted.map((line) => [line, 0]));
  for (const line of wanted) counts.set(line, (counts.get(line) ?? 0) + 1);
  const doubled = [];
  const strange = [];
  for (const line of actual) {
    const left = counts.get(line);
    if (left === undefined) strange.push(line);
    else if (left === 0) doubled.push(line);
    else counts.set(line, left - 1);
  }
  const missing = [...counts].filter(([, left]) => left > 0).map(([line]) => line);
  return { missing, doubled, strange, size: missing.length + doubled.length + strange.length };
}

/**
 * Each line must be one of `may`, and all of `must` must be there. Lines may be repeated.
 *
 * @param {string} what
 * @param {string} actual
 * @param {{ must: readonly string[], may: readonly string[], torn?: boolean }} lines torn: the beginning of a line may be a line
 * @returns {Finding[]}
 */
export function compareSets(what, actual, { must, may, torn }) {
  const lines = linesOf(actual);
  const there = new Set(lines);
  const missing = must.filter((line) => !there.has(line));
  const strange = lines.filter(
    (line) => !(may.includes(line) || (torn && may.some((whole) => whole.startsWith(line.slice(0, -1))))),
  );
  /** @type {Finding[]} */
  const found = [];
  if (missing.length > 0) found.push({ kind: 'lost', text: `${what}: ${listed(missing)}` });
  if (strange.length > 0) found.push({ kind: 'torn', text: `${what}: ${listed(strange)}` });
  return found;
}

/** @param {string} text @returns {string[]} lines with their newlines, which the last one may lack */
export function linesOf(text) {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}

/** @param {readonly string[]} lines */
function listed(lines) {
  const [first = ''] = lines;
  const shown = JSON.stringify(first.length > 60 ? `${first.slice(0, 60)}...` : first);
  return lines.length === 1 ? shown : `${lines.length} lines, such as ${shown}`;
}

/** @param {string} text */
export function excerpt(text) {
  return JSON.stringify(text.trim().slice(0, 300));
}
