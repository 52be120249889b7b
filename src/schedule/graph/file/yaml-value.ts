/** YAML values with their places, and the problems of a file. */

import type { Problem } from '../../crontab/problem.ts';

interface Placed {
  /** Where the value begins: an index into the text of the file. */
  readonly index: number;
}

export interface TextValue extends Placed {
  readonly kind: 'text';
  /** As written: `08` stays 08. */
  readonly text: string;
  /** Whether the value is missing, or `null`. */
  readonly isNull: boolean;
  /** Index of its first character in the text of the file; undefined when escapes or folding make the two differ. */
  readonly letters: number | undefined;
}

export interface ListValue extends Placed {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

export interface MappingValue extends Placed {
  readonly kind: 'mapping';
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: TextValue;
  readonly value: Value;
}

export type Value = TextValue | ListValue | MappingValue;

/** Line and column of an index into a text, from 1; as in the library's LineCounter. */
export type PlaceAt = (index: number) => { readonly line: number; readonly col: number };

/** The problems of a file, with their places. */
export class Problems {
  readonly #found: Problem[] = [];
  /** The problems as text, to report each once: a value with aliases is read several times. */
  readonly #known = new Set<string>();
  readonly #placeAt: PlaceAt;
  readonly #unknown = new Set<Value>();

  constructor(placeAt: PlaceAt) {
    this.#placeAt = placeAt;
  }

  get count(): number {
    return this.#found.length;
  }

  /** @param index into the text of the file */
  addAt(index: number, message: string): void {
    const { line, col: column } = this.#placeAt(index);
    const text = `${line}:${column}: ${message}`;
    if (!this.#known.has(text)) this.#found.push({ line, column, message });
    this.#known.add(text);
  }

  /** Suppresses further problems of a value whose intended content is unknown. */
  forget<Kept extends Value>(value: Kept): Kept {
    this.#unknown.add(value);
    return value;
  }

  /** @param letter index into the text of the value, if the problem is not about the whole value */
  add(value: Value, message: string, letter?: number): undefined {
    if (this.#unknown.has(value)) return;
    const letters = value.kind === 'text' ? value.letters : undefined;
    const isExact = letter !== undefined && letters !== undefined;
    this.addAt(isExact ? letters + letter : value.index, message);
  }

  /** The line of a value, from 1. */
  lineOf({ index }: Placed): number {
    return this.#placeAt(index).line;
  }

  /** In the order of their places. */
  sorted(): Problem[] {
    return [...this.#found].sort((one, other) => one.line - other.line || one.column - other.column);
  }
}
