/**
 * The answers of yargs to a command line: the manual, the version, or what is wrong with it.
 *
 * yargs is large, and few command lines ask for these: the build bundles this file by itself, so that it is loaded only
 * then. It must not import our classes: that bundle would have copies of them.
 */

import yargs, { type Argv } from 'yargs';
import { type Option, type Options, type Tool, usageOperands } from './tool.ts';

/** What yargs says to a command line. */
interface Answer {
  /** The manual or the version; empty when neither was asked for. */
  readonly text: string;
  readonly problem: Error | undefined;
}

/** Lets yargs read a command line. @param words after `normaliseArguments` @param configuration of its parser */
export function answer(
  tool: Tool,
  words: readonly string[],
  { declared, version, configuration }: { declared: Options; version: string; configuration: object },
): Answer {
  let text = '';
  let problem: Error | undefined;
  const parser = declare(tool, declared, version).parserConfiguration(configuration);
  parser.parseSync(words, {}, (error, _argv, output) => {
    problem = error;
    text = output;
  });
  return { text: text.replaceAll(/ +\[(boolean|array|string)\]/g, '').trimEnd(), problem };
}

function declare(tool: Tool, declared: Options, version: string): Argv {
  const parser = yargs()
    .scriptName(tool.name)
    .locale('en')
    .usage(`${`Usage: $0 [OPTION]... ${usageOperands(tool)}`.trimEnd()}\n\n${tool.summary}`)
    .help()
    .alias('help', 'h')
    .version(version)
    .strictOptions()
    .exitProcess(false)
    .wrap(100);
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
    ...(option.manualOnly && { hidden: true }),
    ...(option.alias !== undefined && { alias: option.alias }),
    ...(option.type === 'flag' ? { boolean: true } : { nargs: 1, requiresArg: true }),
    ...(option.choices !== undefined && { choices: option.choices }),
    ...(shown !== undefined && { defaultDescription: shown, default: undefined }),
  };
}
