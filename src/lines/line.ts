/** The name of stdin in messages. */
export const STDIN = 'stdin';

/** One line of input, and where it stood. */
export interface Line {
  /** Without its line ending. */
  readonly text: string;
  /** A file's name, or `stdin`. */
  readonly source: string;
  /** From 1, per source. */
  readonly number: number;
  /** The last line of its source, without a newline: perhaps half of what its writer meant to write. */
  readonly torn: boolean;
}

/** Why a line was not used: the kind is counted, the detail is shown with the line's place. */
export interface Rejection {
  readonly kind: string;
  readonly detail: string;
}

export type Reject = (line: Line, rejection: Rejection) => void;

/** Text of unknown origin for a message: quoted, one line, no control characters, cut short. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return JSON.stringify(short).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
