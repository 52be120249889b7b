/**
 * From the words of a command line to a tool's options and operands, with yargs, the GNU way: options and operands
 * mix, short ones group (`-vn60`), `--` ends options, `-` is an operand, an option's value may start with a dash.
 */

import yargs, { type Argv } from 'yargs';
import { Failure, status } from '../failure.ts';
import { commonOptions, type Option, type Options, type ParsedOptions, type Tool } from './tool.ts';
import { separateValues } from './words.ts';

export type CommandLine =
  | { readonly kind: 'run'; readonly options: ParsedOptions; readonly operands: string[] }
  | { readonly kind: 'print'; readonly text: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Failure (usage) */
export function parseCommandLine(
  tool: Tool,
  words: readonly string[],
  env: Environment,
  version: string,
): CommandLine {
  const declared: Options = { ...tool.options, ...commonOptions };
  let printed = '';
  let problem: Error | undefined;
  const separated = separate(tool, words, declared);
  const parser = declare(tool, declared, version);
  const argv = parser.parseSync(separated, {}, (error, _argv, output) => {
    problem = error;
    printed = output;
  });
  if (problem) throw usage(tool, problem.message);
  if (printed !== '')
    return { kind: 'print', text: `${printed.replaceAll(/ +\[(boolean|array|string)\]/g, '').trimEnd()}\n` };
  const operands = argv._.map(String);
  checkOperands(tool, operands);
  return { kind: 'run', options: readOptions(tool, declared, argv, env), operands };
}

function separate(tool: Tool, words: readonly string[], declared: Options): string[] {
  try {
    return separateValues(words, declared);
  } catch (error) {
    throw usage(tool, error instanceof Error ? error.message : String(error));
  }
}

function declare(tool: Tool, declared: Options, version: string): Argv {
  const parser = yargs()
    .scriptName(tool.name)
    .locale('en')
    .usage(
      `Usage: $0 [OPTION]...${tool.operands === undefined ? '' : ` ${tool.operands}`}\n\n${tool.summary}`,
    )
    .help()
    .alias('help', 'h')
    .version(version)
    .strictOptions()
    .exitProcess(false)
    .wrap(100)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
      'nargs-eats-options': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    });
  for (const [name, option] of Object.entries(declared)) parser.option(name, yargsOption(option));
  for (const [command, does] of tool.examples) parser.example(command, does);
  return parser.epilogue(tool.notes ?? '');
}

function yargsOption(option: Option) {
  const shown =
    option.env === undefined
      ? option.default
      : `$${option.env}${option.default ? ` or ${option.default}` : ''}`;
  return {
    describe: option.describe,
    ...(option.alias !== undefined && { alias: option.alias }),
    ...(option.type === 'flag' ? { boolean: true } : { nargs: 1, requiresArg: true }),
    ...(option.choices !== undefined && { choices: option.choices }),
    ...(shown !== undefined && { defaultDescription: shown, default: undefined }),
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
      return option.parse === undefined ? text : option.parse(text);
    } catch (error) {
      throw usage(tool, `--${name}: ${error instanceof Error ? error.message : error}`);
    }
  });
  // As everywhere in GNU: of an option that does not repeat, the last one counts.
  return option.repeats ? parsed : parsed.at(-1);
}

function lastOf(given: unknown): unknown {
  return Array.isArray(given) ? given.at(-1) : given;
}

function checkOperands(tool: Tool, operands: readonly string[]): void {
  const most = tool.operands === undefined ? 0 : tool.operands.includes('...') ? Number.POSITIVE_INFINITY : 1;
  const surplus = operands[most];
  if (surplus !== undefined) throw usage(tool, `one operand too many: ${JSON.stringify(surplus)}`);
  if (operands.includes('')) throw usage(tool, 'an operand is empty');
}

function usage(tool: Tool, message: string): Failure {
  const text = message
    .split('\n', 1)
    .join('')
    .replace(/^Unknown arguments?: /, 'unknown option: ')
    .replace(/^Not enough arguments following: /, 'no value for option: ');
  return new Failure(status.usage, `${text} (see ${tool.name} --help)`);
}
