/** Finding text and errors in lines. */

/** A match in a line, by letters from 0. */
export interface Match {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** More are neither counted nor shown. */
export const MOST_MATCHES = 9999;

/** Where a text is in lines: as it is written when it has a capital letter, else in any. None for ''. */
export function findMatches(lines: readonly string[], wanted: string): readonly Match[] {
  if (wanted === '') return [];
  const isExact = /\p{Lu}/u.test(wanted);
  const matches: Match[] = [];
  for (const [line, text] of lines.entries()) {
    const lower = isExact ? text : text.toLowerCase();
    // Letters that are longer as small ones would shift what follows.
    const searched = lower.length === text.length ? lower : text;
    for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, at + wanted.length)) {
      matches.push({ line, from: at, to: at + wanted.length });
      if (matches.length === MOST_MATCHES) return matches;
    }
  }
  return matches;
}

const ERROR =
  /\b(?:error|fatal|panic|exception|traceback|failed|failure|cannot|denied|not found|no such|timed out)\b/i;
/** As many languages name them. */
const NAMED_ERROR = /\w(?:Error|Exception)\b/;
const NO_ERROR = /\b(?:0|no|without) (?:error|failure|exception)s?\b/i;

/** Whether a line tells of an error, by the words that programs have for it. */
export function isError(line: string): boolean {
  return (ERROR.test(line) && !NO_ERROR.test(line)) || NAMED_ERROR.test(line);
}

/** The index that is `by` after this one, again from the other end; undefined for none. @param count of all */
export function stepped(at: number | undefined, by: 1 | -1, count: number): number | undefined {
  if (count === 0) return undefined;
  if (at === undefined) return by > 0 ? 0 : count - 1;
  return (at + by + count) % count;
}
