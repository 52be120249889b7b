/**
 * What a tool is: data that declares it, and a function from options and input to text.
 *
 * A tool never touches `process`. All that is ambient comes in through Io, so a tool behaves like every other and
 * can be driven with a fixed clock.
 */

import type { ByteSource } from '../files/byte-source.ts';
import type { Line, Rejection } from '../lines/line.ts';

export interface Option {
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  /** `flag` takes no value. */
  readonly type: 'flag' | 'text';
  /** May be given more than once; its values come as an array. */
  readonly repeats?: true;
  /** As it would be typed. */
  readonly default?: string;
  /** The variable that gives the default when it is set and not empty. */
  readonly env?: string;
  readonly choices?: readonly string[];
  /** From the text to the value; an Error it throws is a usage error with the option's name before it. */
  readonly parse?: (text: string) => unknown;
}

export type Options = Readonly<Record<string, Option>>;

type Parsed<O extends Option> = O extends { parse: (text: string) => infer Value }
  ? Value
  : O extends { choices: readonly (infer Choice)[] }
    ? Choice
    : string;

type Value<O extends Option> = O extends { type: 'flag' }
  ? boolean
  : O extends { repeats: true }
    ? Parsed<O>[]
    : O extends { default: string }
      ? Parsed<O>
      : Parsed<O> | undefined;

type Values<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

/** What the runner hands to a tool, which knows the type of each by its declaration. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

/** All that surrounds a tool. */
export interface Io {
  /** The bytes of stdin, as they arrive. */
  readonly stdin: AsyncIterable<Buffer>;
  /** The lines of these files one after the other (`-` and no files at all are stdin), in batches as they arrive. */
  lines(files: readonly string[]): AsyncGenerator<Line[]>;
  /** These files one after the other, each open until the next one is asked for (`-` and no files at all are stdin). */
  sources(files: readonly string[]): AsyncGenerator<ByteSource>;
  /** Says that a tool which reads a file itself has read so many bytes. */
  progress(bytes: number): void;
  /** Waits until all that was yielded is written or cannot be, and says how many bytes of it stdout took. */
  written(): Promise<number>;
  /** Whether every rejected line is shown or kept, not only the first of each kind. */
  readonly listsRejects: boolean;
  /** Counts a line that cannot be used, explains it on stderr, and keeps it where --rejects says. */
  reject(line: Line, rejection: Rejection, times?: number): void;
  /** How many lines were usable; the summary of rejected lines and --max-rejects need it. */
  accept(count: number): void;
  /** One line on stderr, unless --quiet. */
  warn(message: string): void;
  /** One line on stderr with --verbose. */
  explain(message: string): void;
  /** The work goes on, but the tool will end with the status of this failure, said on stderr now. */
  fail(failure: Error): void;
  /** Aborted when a signal asks the tool to end. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How many characters fit on a line of the terminal that stdout is; undefined when it is none. */
  columns(): number | undefined;
}

export interface Tool {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The operands' place in the usage line, such as `[FILE...]`; without it there are none. */
  readonly operands?: string;
  /** What the operands are, and what the tool promises: a few lines below the options. */
  readonly notes?: string;
  readonly options: Options;
  /** How long it may take to end after a signal, in milliseconds; a moment without it. */
  readonly graceMs?: number;
  /** Command line and what it does; `$0` is the tool. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  run(options: ParsedOptions, io: Io, operands: readonly string[]): AsyncIterable<string | Buffer>;
}

interface Declaration<O extends Options> extends Omit<Tool, 'options' | 'run'> {
  readonly options: O;
  run(options: Values<O>, io: Io, operands: readonly string[]): AsyncIterable<string | Buffer>;
}

/** Declares a tool; the type of its options follows from their declaration. */
export function defineTool<const O extends Options>(declaration: Declaration<O>): Tool {
  // The runner hands over just what it parsed by these very options, which the general type cannot say.
  return declaration as unknown as Tool;
}

/** The options of every tool. */
export const commonOptions = {
  quiet: { alias: 'q', type: 'flag', describe: 'no warnings' },
  verbose: { alias: 'v', type: 'flag', describe: 'say what is done, and show every rejected line' },
} as const satisfies Options;

/** The options of every tool that reads lines and may reject some. */
export const rejectOptions = {
  rejects: { type: 'text', describe: 'append rejected lines to this FILE' },
  'max-rejects': {
    type: 'text',
    describe: 'exit 65 if more than N lines, or P%, are rejected',
    parse: parseMaxRejects,
  },
  strict: { type: 'flag', describe: 'exit 65 if any line is rejected' },
} as const satisfies Options;

export interface MaxRejects {
  readonly count: number;
  readonly percent: boolean;
}

function parseMaxRejects(text: string): MaxRejects {
  const match = /^(\d{1,15}(?:\.\d+)?)(%?)$/.exec(text);
  const percent = match?.[2] === '%';
  const count = Number(match?.[1]);
  if (match === null || (!percent && !Number.isInteger(count))) {
    throw new Error(`neither a number of lines nor a percentage: ${JSON.stringify(text)}`);
  }
  return { count, percent };
}

/** A whole number from `least` to `most`, for an option's `parse`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new Error(`not a whole number ${range}: ${JSON.stringify(text)}`);
  };
}
