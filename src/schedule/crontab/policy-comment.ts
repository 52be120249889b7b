/** Parses policy comments, which cron ignores: `#: name=attic overlap=skip` for the job on the next line. */

import { errorText } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import { didYouMean } from '../../lines/nearest.ts';
import type { Policies } from '../jobs/policies.ts';
import { POLICY_WORDS } from '../jobs/policy-words.ts';
import { Fault } from './problem.ts';

/** What the comments above a job say. */
export interface Remark {
  name: { readonly text: string; readonly line: number; readonly index: number } | undefined;
  readonly policies: Partial<Policies>;
  /** The words seen so far. */
  readonly words: Set<string>;
}

export function newRemark(): Remark {
  return { name: undefined, policies: {}, words: new Set() };
}

const START = /^[ \t]*#:/;
/** `word=value`; a quoted value ends with its quote. */
const WORD = /[ \t]*([^\s=]+)(?:(=)(?:"([^"]*)"|'([^']*)'|([^\s"']\S*)?))?(?=[ \t]|$)/y;
/** In bytes: percent-encoded, it must fit into a file name of 255 bytes. */
const LONGEST_NAME = 80;
const ROOM_FOR_NUMBER = 8;
const CONTROLS = /\p{Cc}/gu;
/** Names that are folders in every path. */
const FOLDERS: ReadonlySet<string> = new Set(['.', '..']);

export function isPolicyComment(line: string): boolean {
  return START.test(line);
}

/** Adds the words of a comment to a remark. @throws Fault */
export function readPolicyComment(line: string, lineNumber: number, remark: Remark): void {
  let index = START.exec(line)?.[0].length ?? 0;
  const end = line.trimEnd().length;
  while (index < end) {
    WORD.lastIndex = index;
    const match = WORD.exec(line);
    const start = index + (/^[ \t]*/.exec(line.slice(index))?.[0].length ?? 0);
    if (match === null)
      throw new Fault(start, `not word=value, or a quote is not closed: ${quote(line.slice(start, end))}`);
    const [all, word = '', equals, ...values] = match;
    const value = values.find((text) => text !== undefined);
    index += all.length;
    if (equals === undefined || value === undefined) throw new Fault(start, incomplete(word));
    addWord(remark, { word, value, line: lineNumber, index: start });
  }
}

/** A word as a valid name, short enough to append a number; '' when nothing is left. */
export function shortName(word: string): string {
  let name = '';
  for (const letter of word.replaceAll(CONTROLS, '')) {
    if (Buffer.byteLength(name + letter) > LONGEST_NAME - ROOM_FOR_NUMBER) break;
    name += letter;
  }
  return FOLDERS.has(name) ? '' : name;
}

/** @throws Error with a message for the user */
function checkName(name: string): string {
  if (name.search(CONTROLS) >= 0) throw new Error('a name cannot have control characters');
  if (name.trim() === '') throw new Error('a name cannot be empty');
  if (FOLDERS.has(name)) throw new Error('a name cannot be . or .., which are folders');
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  throw new Error(`a name can have at most ${LONGEST_NAME} bytes`);
}

interface Entry {
  readonly word: string;
  readonly value: string;
  readonly line: number;
  readonly index: number;
}

function addWord(remark: Remark, { word, value, line, index }: Entry): void {
  const policy = POLICY_WORDS.get(word);
  if (policy === undefined && word !== 'name') throw new Fault(index, unknown(word));
  if (remark.words.has(word)) throw new Fault(index, `${word} is given twice`);
  remark.words.add(word);
  try {
    if (policy === undefined) remark.name = { text: checkName(value), line, index };
    else Object.assign(remark.policies, { [policy.key]: policy.parse(value) });
  } catch (error) {
    throw new Fault(index + word.length + 1, `${word}: ${errorText(error)}`);
  }
}

function unknown(word: string): string {
  return `unknown policy ${quote(word)}${didYouMean(word, ['name', ...POLICY_WORDS.keys()])}`;
}

function incomplete(word: string): string {
  const policy = POLICY_WORDS.get(word);
  if (policy === undefined && word !== 'name') return unknown(word);
  return `${word} needs a value: ${word}=${policy?.form ?? 'NAME'}`;
}
