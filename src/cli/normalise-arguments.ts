/**
 * Rewrites the words of a command line so that yargs reads them the GNU way. Alone, yargs accepts a value attached to its
 * letter only if it is a number, and misreads some mistakes instead of reporting them.
 */

import { nearestWord } from '../lines/nearest.ts';
import type { Option, Options } from './option.ts';

/** Types of options, by name and by letter. */
type Types = ReadonlyMap<string, Option['type']>;

/**
 * Separates values from their letters, and completes abbreviated names: `-w1h` becomes `-w 1h`, `-vw1h` becomes `-vw 1h`, and
 * `--win 1h` becomes `--window 1h`.
 *
 * @throws Error for an unknown or ambiguous option, a flag with a value, or an option without its value
 */
export function normaliseArguments(words: readonly string[], declared: Options): string[] {
  const types = typesOf(declared);
  const separated: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return [...separated, ...words.slice(at)];
    const parts = word.startsWith('--') ? [checkLong(word, types)] : separateShort(word, types);
    separated.push(...parts);
    if (!awaitsValue(parts, types)) continue;
    at += 1;
    // The next word is the value, even if it looks like an option.
    const value = words[at];
    if (value === undefined) throw new Error(`no value for option: ${shownOption(parts[0] ?? '')}`);
    separated.push(value);
  }
  return separated;
}

function typesOf(declared: Options): Types {
  const types = new Map<string, Option['type']>();
  for (const [name, { alias, type }] of Object.entries(declared))
    types.set(name, type).set(alias ?? name, type);
  return types;
}

/** A long option with its name in full. */
function checkLong(word: string, types: Types): string {
  const [given = ''] = word.slice(2).split('=', 1);
  const name = longName(given, types);
  const value = word.slice(2 + given.length);
  if (value !== '' && types.get(name) === 'flag') throw new Error(`option takes no value: --${name}`);
  return `--${name}${value}`;
}

/** The given name, or the only one that it abbreviates. */
function longName(given: string, types: Types): string {
  const names = longNames(types);
  if (names.includes(given)) return given;
  const [name, ...others] = given === '' ? [] : names.filter((known) => known.startsWith(given));
  if (name === undefined)
    throw new Error(`unknown option: --${given}${suggestion(nearestWord(given, names))}`);
  if (others.length === 0) return name;
  const known = [name, ...others].map((each) => `--${each}`).join(', ');
  throw new Error(`ambiguous option: --${given} (write ${known})`);
}

function longNames(types: Types): string[] {
  return [...types.keys()].filter((name) => name.length > 1);
}

/** A hint for the message about an unknown option. */
function suggestion(name: string | undefined): string {
  return name === undefined ? '' : `; did you mean "--${name}"?`;
}

/** Cuts a group of letters after the first one that takes a value. */
function separateShort(word: string, types: Types): string[] {
  if (!word.startsWith('-') || word === '-') return [word];
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const type = types.get(letter);
    if (type === undefined && at > 1 && !/[a-z]/i.test(letter)) {
      throw new Error(`option takes no value: ${word.slice(0, at)}`);
    }
    if (type === undefined) throw new Error(`unknown option: -${letter}${longNameHint(word, types)}`);
    if (type === 'text')
      return [word.slice(0, at + 1), word.slice(at + 1).replace(/^=/, '')].slice(0, word.length - at);
  }
  return [word];
}

/** A hint for the message about an unknown letter: `-json` lacks a dash. */
function longNameHint(word: string, types: Types): string {
  const [name = ''] = word.slice(1).split('=', 1);
  return suggestion(longNames(types).find((known) => known === name));
}

function awaitsValue([first = '', value]: readonly string[], types: Types): boolean {
  if (value !== undefined || !/^-./.test(first)) return false;
  return types.get(first.startsWith('--') ? first.slice(2) : first.slice(-1)) === 'text';
}

/** The option that takes the value: the last letter of a group. */
function shownOption(word: string): string {
  return word.startsWith('--') ? word : `-${word.slice(-1)}`;
}
