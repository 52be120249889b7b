/** The steps of a parsed shell script. */

import type { Word } from './shell-word.ts';

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface Redirection {
  readonly operator: string;
  readonly target: Word;
}

export interface SimpleCommand {
  readonly kind: 'command';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
  /** Whether its stdin is the output of the previous command. */
  readonly isPiped: boolean;
}

export type Step =
  | SimpleCommand
  /** Words that are not a command: the list of `for`, or the subject of `case`. */
  | { readonly kind: 'for' | 'case'; readonly words: readonly Word[] }
  /** The start and end of a subshell. */
  | { readonly kind: 'enter' | 'leave' };

/** The text of a word without expansions and quotes; undefined for any other. */
export function bareText({ parts: [part, ...others] }: Word): string | undefined {
  return part?.kind === 'text' && !part.isQuoted && others.length === 0 ? part.text : undefined;
}
