/** Shapes of values in a file of tasks: each can read a value, and has a JSON Schema for editors. */

import { errorText } from '../../../failure.ts';
import { quote } from '../../../lines/line.ts';
import { Fault } from '../../crontab/problem.ts';
import type { Value } from './yaml-value.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [word: string]: unknown };

/** Reports a problem with a value. @param letter index into its text, if it is not about the whole value */
export type Tell = (value: Value, message: string, letter?: number) => undefined;

export interface Shape<Result> {
  /** What a value looks like, to follow "expected" in a message. */
  readonly expected: string;
  readonly schema: JsonSchema;
  /** The parsed value; undefined for an invalid one, which is reported. */
  read(value: Value, tell: Tell): Result | undefined;
}

/** The types of a text in YAML, where `retries: 2` is a number, and `run: true` a boolean. */
export const SCALAR: JsonSchema = { type: ['string', 'number', 'boolean'] };

/** A text. @param parse throws an Error with a message for the user, or a Fault */
export function text<Result>(
  expected: string,
  parse: (text: string) => Result,
  schema: JsonSchema = SCALAR,
): Shape<Result> {
  return {
    expected,
    schema,
    read(value, tell) {
      if (value.kind !== 'text' || value.isNull) return misses(value, expected, tell);
      try {
        return parse(value.text);
      } catch (error) {
        return tell(value, errorText(error), error instanceof Fault ? error.index : undefined);
      }
    },
  };
}

export function list<Item>(expected: string, item: Shape<Item>): Shape<Item[]> {
  return {
    expected,
    schema: { type: 'array', items: item.schema },
    read(value, tell) {
      if (value.kind !== 'list') return misses(value, expected, tell);
      const items = value.items.map((each) => item.read(each, tell));
      const found = items.filter((each) => each !== undefined);
      return found.length === items.length ? found : undefined;
    },
  };
}

/** A mapping from names to values. @param checkName throws an Error with a message for the user */
export function mapping<Item>(
  expected: string,
  item: Shape<Item>,
  checkName: (name: string) => void,
  names: JsonSchema,
): Shape<Map<string, Item>> {
  return {
    expected,
    schema: { type: 'object', propertyNames: names, additionalProperties: item.schema },
    read(value, tell) {
      if (value.kind !== 'mapping') return misses(value, expected, tell);
      const found = new Map<string, Item>();
      for (const { key, value: each } of value.entries) {
        try {
          checkName(key.text);
        } catch (error) {
          tell(key, errorText(error));
        }
        const result = item.read(each, (inner, message, letter) =>
          tell(inner, `${label(key.text)}: ${message}`, letter),
        );
        if (result !== undefined) found.set(key.text, result);
      }
      return found;
    },
  };
}

/** Reports what was expected instead of a value. */
export function misses(value: Value, expected: string, tell: Tell): undefined {
  return tell(value, `expected ${expected}, not ${shown(value)}`);
}

function shown(value: Value): string {
  if (value.kind === 'text') return value.isNull ? 'nothing' : quote(value.text);
  return value.kind === 'list' ? 'a list' : 'a mapping';
}

/** An untrusted name for a message: quoted unless it is plain. */
export function label(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : quote(name);
}
