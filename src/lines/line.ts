/** The name of stdin in messages. */
export const STDIN = 'stdin';

/** A line of input, and its position. */
export interface Line {
  /** The line without its line ending. */
  readonly text: string;
  /** A file's name, or `stdin`. */
  readonly source: string;
  /** Its number in the source, from 1. */
  readonly number: number;
  /** Whether it is the last line of its source and has no newline: it may be half of what its writer meant to write. */
  readonly torn: boolean;
  /** Whether a carriage return preceded its newline; a record that continues on the next line contains it. */
  readonly hasReturn?: boolean;
  /** Whether line breaks in quotes are swapped: see `line-ends.ts`. */
  readonly hasSwappedBreaks?: boolean;
}

/** Why a line is not used. Rejections are counted by kind; the detail is shown with source and number of the line. */
export interface Rejection {
  readonly kind: string;
  readonly detail: string;
  /** Whether the line is kept elsewhere, so that --rejects need not keep it. */
  readonly isKept?: boolean;
  /** Whether other values of the line are used. */
  readonly isPartial?: boolean;
}

/** Takes a line that is not used. */
export type Reject = (line: Line, rejection: Rejection) => void;

/** Text of unknown origin for a message: quoted, on one line, without control characters, cut after 60 characters. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  // Half of a cut pair, or a byte that is not UTF-8, is not worth an escape.
  return JSON.stringify(short.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}
