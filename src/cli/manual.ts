/**
 * The answers of yargs to a command line: the manual, or the version.
 *
 * yargs is large, and few command lines ask for these: the build bundles this file by itself, so that it is loaded only
 * then. It must not import our classes: that bundle would have copies of them.
 */

import yargs, { type Argv } from 'yargs';
import { type Option, type Options, type Tool, usageOperands } from './tool.ts';

/** What yargs says to a command line that asks for one of them. @param words after `normaliseArguments` @param configuration of its parser */
export function answer(
  tool: Tool,
  words: readonly string[],
  { declared, version, configuration }: { declared: Options; version: string; configuration: object },
): string {
  let text = '';
  const parser = declare(tool, declared, version).parserConfiguration(configuration);
  parser.parseSync(words, {}, (_error, _argv, output) => {
    text = output;
  });
  return text.replaceAll(/ +\[(boolean|array|string)\]/g, '').trimEnd();
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
