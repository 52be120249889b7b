/**
 * A tool: data that declares it, and a function from options and input to output.
 *
 * A tool never touches `process`: everything ambient is in its Io. So all tools behave alike, and a test can give them a fixed
 * clock.
 */

import type { Command } from '../commands/command.ts';
import type { ByteSource } from '../files/byte-source.ts';
import type { CommandFiles } from '../files/command-files.ts';
import type { Line, Rejection } from '../lines/line.ts';
import type { TextForm } from '../lines/text-form.ts';
import { inGroup, type Options, type ParsedOptions, type Values } from './option.ts';
import type { RowCounts } from './report.ts';

/** The input and output of a tool, and everything else that is ambient. */
export interface Io {
  /** The bytes of stdin, as they arrive. */
  readonly stdin: AsyncIterable<Buffer>;
  /** The lines of these files in order, in batches as they arrive; stdin for `-` and without files. */
  lines(files: readonly string[], form?: TextForm): AsyncGenerator<Line[]>;
  /** The files in order, each open until the next one is requested; stdin for `-` and without files. */
  sources(files: readonly string[], form?: TextForm): AsyncGenerator<ByteSource>;
  /** Counts bytes that the tool has read from a source itself. */
  progress(bytes: number): void;
  /** Adds to the output while `run` is not yielding, such as the output of a command. @throws if it cannot be written */
  write(bytes: Buffer): Promise<void>;
  /** Waits until all output is written. @throws if it cannot be */
  flush(): Promise<void>;
  /**
   * Whether stdin is a batch of a queue ($ETL_BATCH): then a rejected line ends the tool with 65, and the tool stores nothing
   * before it has read the whole batch.
   */
  readonly isBatch: boolean;
  /** Passes on the stderr of a command. */
  writeStderr(bytes: Buffer): void;
  /** Waits until everything yielded is written or has failed. @returns total bytes written */
  written(): Promise<number>;
  /** Whether every rejected line is shown or kept, not only the first of each kind. */
  readonly listsRejects: boolean;
  /** Rejects a line, or `times` lines of which it is the first: counts it, explains it on stderr, keeps it with --rejects. */
  reject(line: Line, rejection: Rejection, times?: number): void;
  /** Syncs the lines rejected so far to disk, if they are kept. @throws Failure (I/O) */
  keepRejects(): void;
  /** Counts usable lines, for the summary of rejected ones and for --max-rejects. */
  accept(count: number): void;
  /**
   * Counts rows for the report of the run: input that is not lines, and output that is not lines of stdout.
   */
  count(rows: RowCounts): void;
  /** Counts usable lines that were each passed on as a row: stored or printed. */
  pass(count: number): void;
  /** One line on stderr, unless --quiet. */
  warn(message: string): void;
  /** One line on stderr with --verbose. */
  explain(message: string): void;
  /** Reports a failure on stderr; the tool continues, but will exit with its status. */
  fail(failure: Error): void;
  /** Sets the exit status of a tool that reports by it, such as a check, without a failure. */
  conclude(status: number): void;
  /** Aborted when a signal asks the tool to end. */
  readonly signal: AbortSignal;
  /** Aborted by a second signal, for a tool that runs commands: they must end at once. */
  readonly insist: AbortSignal;
  /** Calls the listener at each SIGHUP, if the tool `reloads`. */
  onHangup(listener: () => void): void;
  /** Epoch milliseconds. */
  now(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal in characters; 0 when unknown, undefined if stdout is not a terminal. */
  columns(): number | undefined;
  /** Its height in lines, likewise. */
  rows(): number | undefined;
}

/** A tool as the runner sees it. */
export interface Tool {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The operands in the usage line, such as `[FILE...]`; undefined if the tool takes none. */
  readonly operands?: string;
  /** Words that an operand may be or begin with, besides names of files; for completion. */
  readonly operandWords?: readonly string[];
  /** A few lines below the options: the meaning of the operands, and the guarantees of the tool. */
  readonly notes?: string;
  readonly options: Options;
  /** The files that the tool reads and writes for a command line, except --rejects. */
  files?(options: ParsedOptions, operands: readonly string[], env: Io['env']): CommandFiles;
  /** Whether the tool takes a command to run, after `--`. */
  readonly command?: 'optional' | 'required';
  /** Whether it runs commands from files: after a signal it has the time that they need. */
  readonly runsCommands?: true;
  /** Whether SIGHUP makes it reload its files, instead of ending it. */
  readonly reloads?: true;
  /** Whether it may wait long without printing. Unless it runs a command, it then ends when stdout loses its reader. */
  readonly waits?: true;
  /** Whether it writes to a store: with --verbose it ends with the number of rows stored. */
  readonly stores?: true;
  /** How long the tool may take to end after a signal, in milliseconds; default 2000, no limit if it runs a command. */
  readonly graceMs?: number;
  /** Command lines and what they do; `$0` stands for the tool. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  run(
    options: ParsedOptions,
    io: Io,
    operands: readonly string[],
    command?: Command,
  ): AsyncIterable<string | Buffer>;
}

interface Declaration<O extends Options> extends Omit<Tool, 'options' | 'files' | 'run'> {
  readonly options: O;
  files?(options: Values<O>, operands: readonly string[], env: Io['env']): CommandFiles;
  run(
    options: Values<O>,
    io: Io,
    operands: readonly string[],
    command?: Command,
  ): AsyncIterable<string | Buffer>;
}

/** Declares a tool; the type of its options follows from their declaration. */
export function defineTool<const O extends Options>(declaration: Declaration<O>): Tool {
  // The runner parses by these very options, which the general type cannot express.
  return declaration as unknown as Tool;
}

/** The end of the usage line, after the tool's name and options; may be empty. */
export function usageOperands({ operands, command }: Pick<Tool, 'operands' | 'command'>): string {
  const words = command === 'required' ? '-- CMD...' : '[-- CMD...]';
  return [operands ?? [], command === undefined ? [] : words].flat().join(' ');
}

/** The files that a tool reads, by its operands: stdin if there are none. */
export function inputFiles(operands: readonly string[]): readonly string[] {
  return operands.length === 0 ? ['-'] : operands;
}

/** The options of every tool. */
export const commonOptions = inGroup('General', {
  quiet: { alias: 'q', type: 'flag', describe: 'no warnings' },
  verbose: { alias: 'v', type: 'flag', describe: 'explain what is done, and show every rejected line' },
  help: { alias: 'h', type: 'flag', describe: 'show this help' },
  version: { alias: 'V', type: 'flag', describe: 'show the version' },
});

/** The options of every tool that reads lines and may reject some. */
export const rejectOptions = inGroup('Rejects', {
  rejects: { type: 'text', value: 'FILE', describe: 'append rejected lines to FILE' },
  'max-rejects': {
    type: 'text',
    value: 'N|P%',
    describe: 'exit 65 if more than N lines, or P% of them, are rejected',
    parse: parseMaxRejects,
  },
  strict: { type: 'flag', describe: 'exit 65 if any line is rejected' },
});

/** Maximum rejected lines: a number, or a percentage. */
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

/** A parser of whole numbers from `least` to `most`. It throws an Error with a message for the user. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new Error(`not a whole number ${range}: ${JSON.stringify(text)}`);
  };
}
