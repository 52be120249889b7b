/** Options as tools declare them, and the types of their values. */

/** The declaration of an option. */
export interface Option {
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  /** `flag` takes no value. */
  readonly type: 'flag' | 'text';
  /** Placeholder for its value in the help: `FILE`, `DURATION`. Choices need none. */
  readonly value?: string;
  /** Its heading in the help, for tools with many options. */
  readonly group?: Group;
  /** May be given more than once; its value is an array. */
  readonly repeats?: true;
  /** As a user would type it. */
  readonly default?: string;
  /** The environment variable that gives the default, if it is set and not empty. */
  readonly env?: string;
  readonly choices?: readonly string[];
  /** Some possible values, for completion. */
  readonly offers?: readonly string[];
  /** Options of the same tool that it cannot be combined with. */
  readonly excludes?: readonly string[];
  /** Shown only in the manual page, not in --help. */
  readonly manualOnly?: true;
  /** Parses the text of the value. @throws Error with a message for the user, which is prefixed with the option's name */
  readonly parse?: (text: string) => unknown;
}

/** The headings of options in the help. */
export type Group =
  | 'Input'
  | 'Times'
  | 'Windows'
  | 'Output'
  | 'Command'
  | 'Waiting'
  | 'With --test'
  | 'Policies of all jobs'
  | 'Rejects'
  | 'General';

/** Declared options, by long name. */
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

/** The values of options, by long name. */
export type Values<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

/** The values of options of any tool, by long name; `defineTool` gives them their types. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

/** Puts options under a heading of the help. */
export function inGroup<const O extends Options>(group: Group, options: O): O {
  const grouped = Object.entries(options).map(([name, option]) => [name, { ...option, group }]);
  return Object.fromEntries(grouped) as unknown as O;
}
