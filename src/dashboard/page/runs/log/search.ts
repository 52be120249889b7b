/** Finds text and errors in lines. */

/** A match in a line, in characters from 0. */
export interface Match {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** Further matches are neither counted nor shown. */
export const MAX_MATCHES = 9999;

/** The matches of a text in lines; case-sensitive if it has a capital letter. None for ''. */
export function findMatches(lines: readonly string[], wanted: string): readonly Match[] {
  if (wanted === '') return [];
  const isExact = /\p{Lu}/u.test(wanted);
  const matches: Match[] = [];
  for (const [line, text] of lines.entries()) {
    const lower = isExact ? text : text.toLowerCase();
    // A character whose lower case is longer would shift all later positions.
    const searched = lower.length === text.length ? lower : text;
    for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at + wanted.length)) {
      matches.push({ line, from: at, to: at + wanted.length });
      if (matches.length === MAX_MATCHES) return matches;
    }
  }
  return matches;
}

const ERROR =
  /\b(?:error|fatal|panic|exception|traceback|failed|failure|cannot|denied|not found|no such|timed out)\b/i;
/** Exception names, as in many languages. */
const NAMED_ERROR = /\w(?:Error|Exception)\b/;
const NO_ERROR = /\b(?:0|no|without) (?:error|failure|exception)s?\b/i;

/** Whether a line looks like an error message. */
export function isError(line: string): boolean {
  return (ERROR.test(line) && !NO_ERROR.test(line)) || NAMED_ERROR.test(line);
}

/** The index `by` places from this one, cyclically; undefined if there is none. @param count number of items */
export function stepped(at: number | undefined, by: 1 | -1, count: number): number | undefined {
  if (count === 0) return undefined;
  if (at === undefined) return by > 0 ? 0 : count - 1;
  return (at + by + count) % count;
}
