/** What a script for the shell does, step by step. */

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
  /** Whether it reads what the command before it prints. */
  readonly isPiped: boolean;
}

export type Step =
  | SimpleCommand
  /** Words that are no command: those that `for` goes through, and that of `case`. */
  | { readonly kind: 'for' | 'case'; readonly words: readonly Word[] }
  /** The start and the end of a shell of its own. */
  | { readonly kind: 'enter' | 'leave' };

/** The text of a word in which nothing is expanded or quoted; undefined for any other. */
export function bareText({ parts: [part, ...others] }: Word): string | undefined {
  return part?.kind === 'text' && !part.isQuoted && others.length === 0 ? part.text : undefined;
}
