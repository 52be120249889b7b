/**
 * Parses a command line into a tool's options and operands, with yargs and in the GNU way: options and operands mix, short
 * options group (`-vn60`), `--` ends options, `-` is an operand, and an option's value may start with a dash.
 */

import { Parser as parser } from 'yargs/helpers';
import type { Command } from '../commands/command.ts';
import { Failure, status } from '../failure.ts';
import { notOneOf } from '../lines/nearest.ts';
import { normaliseArguments } from './normalise-arguments.ts';
import type { Option, Options, ParsedOptions } from './option.ts';
import { commonOptions, type Tool } from './tool.ts';

type CommandLine =
  | {
      readonly kind: 'run';
      readonly options: ParsedOptions;
      readonly operands: string[];
      readonly command?: Command;
    }
  | { readonly kind: 'print'; readonly text: string };

type Environment = Readonly<Record<string, string | undefined>>;

const configuration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'greedy-arrays': false,
  'nargs-eats-options': true,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

/**
 * What a command line asks for: a run of the tool, or a text to print (the help or the version).
 *
 * @param words from the shell, without the program's name
 * @throws Failure (usage)
 */
export async function parseCommandLine(
  tool: Tool,
  words: readonly string[],
  env: Environment,
  version: string,
): Promise<CommandLine> {
  const declared: Options = { ...tool.options, ...commonOptions };
  const { separated, command } = separate(tool, words, declared);
  const { argv, error } = parser.detailed(separated, parserOptions(declared));
  if (error) throw usage(tool, error.message);
  if (argv.help) {
    const { helpOf } = await import('./help.ts');
    return { kind: 'print', text: `${helpOf(tool, declared)}\n` };
  }
  if (argv.version) return { kind: 'print', text: `${version}\n` };
  checkExcluded(tool, declared, argv);
  const operands = argv._.map(String);
  checkOperands(tool, operands);
  const options = readOptions(tool, declared, argv, env);
  return { kind: 'run', options, operands, ...(command !== undefined && { command }) };
}

/** Splits the words into those that yargs parses, and the command after `--`, if the tool runs one. */
function separate(tool: Tool, words: readonly string[], declared: Options) {
  try {
    const separated = normaliseArguments(words, declared);
    const end = tool.command === undefined ? -1 : separated.indexOf('--');
    return end < 0
      ? { separated }
      : { separated: separated.slice(0, end), command: commandOf(separated, end) };
  } catch (error) {
    throw usage(tool, error instanceof Error ? error.message : String(error));
  }
}

function commandOf(words: readonly string[], end: number): Command {
  const [program, ...others] = words.slice(end + 1);
  if (program === undefined || program === '') throw new Error('no command after --');
  return [program, ...others];
}

/** The settings for yargs. */
function parserOptions(declared: Options) {
  const options = Object.entries(declared);
  return {
    configuration,
    boolean: options.filter(([, { type }]) => type === 'flag').map(([name]) => name),
    narg: Object.fromEntries(options.filter(([, { type }]) => type === 'text').map(([name]) => [name, 1])),
    alias: Object.fromEntries(options.flatMap(([name, { alias }]) => (alias ? [[name, alias]] : []))),
  };
}

function readOptions(
  tool: Tool,
  declared: Options,
  argv: Record<string, unknown>,
  env: Environment,
): ParsedOptions {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(declared))
    values[name] = readOption(tool, name, option, argv[name], env);
  return values;
}

function readOption(tool: Tool, name: string, option: Option, given: unknown, env: Environment): unknown {
  if (option.type === 'flag') return lastOf(given) === true;
  const fallback = (option.env === undefined ? undefined : env[option.env] || undefined) ?? option.default;
  const texts = given === undefined ? (fallback === undefined ? [] : [fallback]) : [given].flat().map(String);
  const parsed = texts.map((text) => {
    try {
      checkChoice(option, text);
      return option.parse === undefined ? text : option.parse(text);
    } catch (error) {
      throw usage(tool, `--${name}: ${error instanceof Error ? error.message : error}`);
    }
  });
  // The GNU way: the last value of an option counts, unless it is repeatable.
  return option.repeats ? parsed : parsed.at(-1);
}

/** @throws Failure (usage) for two options that exclude each other */
function checkExcluded(tool: Tool, declared: Options, argv: Record<string, unknown>): void {
  const given = new Set(Object.keys(declared).filter((name) => argv[name] !== undefined));
  for (const name of given) {
    const excluded = declared[name]?.excludes?.find((other) => given.has(other));
    if (excluded !== undefined) throw usage(tool, `--${name} does not go with --${excluded}`);
  }
}

/** @throws Error with a message for the user */
function checkChoice({ choices }: Option, text: string): void {
  if (choices === undefined || choices.includes(text)) return;
  throw new Error(notOneOf(text, choices));
}

function lastOf(given: unknown): unknown {
  return Array.isArray(given) ? given.at(-1) : given;
}

function checkOperands(tool: Tool, operands: readonly string[]): void {
  const [required] = /^[A-Z]+/.exec(tool.operands ?? '') ?? [];
  if (required !== undefined && operands.length === 0) throw usage(tool, `no ${required}`);
  const most = tool.operands === undefined ? 0 : tool.operands.includes('...') ? Number.POSITIVE_INFINITY : 1;
  const surplus = operands[most];
  if (surplus !== undefined) throw usage(tool, `unexpected operand: ${JSON.stringify(surplus)}`);
  if (operands.includes('')) throw usage(tool, 'an operand is empty');
}

function usage(tool: Tool, message: string): Failure {
  const [line = ''] = message.split('\n', 1);
  return new Failure(status.usage, `${line} (see ${tool.name} --help)`);
}
