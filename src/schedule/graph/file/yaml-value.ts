/** Values of YAML with their places, and problems with them. */

import type { Problem } from '../../crontab/problem.ts';

interface Placed {
  /** Where it begins: an index into the text of the file. */
  readonly index: number;
}

export interface TextValue extends Placed {
  readonly kind: 'text';
  /** As it is written: `08` stays 08. */
  readonly text: string;
  /** Whether nothing is written, or `null`. */
  readonly isNull: boolean;
  /** Where its letters begin, in the text of the file; undefined when they do not stand there one by one. */
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

/** The place of an index into a text, from 1; as a LineCounter of the library has it. */
export type PlaceAt = (index: number) => { readonly line: number; readonly col: number };

/** What is wrong with a file, and where. */
export class Problems {
  readonly #found: Problem[] = [];
  /** As text: what has aliases is read more than once. */
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

  /** Nothing more is told of a value: what it was meant to be is not known. */
  forget<Kept extends Value>(value: Kept): Kept {
    this.#unknown.add(value);
    return value;
  }

  /** @param letter index into the text of the value: where exactly, if not the value as a whole */
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
