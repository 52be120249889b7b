/** Options as tools declare them, and the types of their values. */

/** An option as it is declared. */
export interface Option {
  readonly describe: string;
  /** One letter. */
  readonly alias?: string;
  /** `flag` takes no value. */
  readonly type: 'flag' | 'text';
  /** What its value is, in capitals, as the help names it: `FILE`, `DURATION`. Choices stand for themselves. */
  readonly value?: string;
  /** The heading under which the help has it, where a tool has many options. */
  readonly group?: Group;
  /** May be given more than once; its values come as an array. */
  readonly repeats?: true;
  /** As a user would type it. */
  readonly default?: string;
  /** The variable that gives the default when it is set and not empty. */
  readonly env?: string;
  readonly choices?: readonly string[];
  /** Some of the possible values, for completion. */
  readonly offers?: readonly string[];
  /** Options of the same tool that cannot be given with it. */
  readonly excludes?: readonly string[];
  /** Whether only the manual page shows it, and not --help. */
  readonly manualOnly?: true;
  /** Makes the value from the text. @throws Error with a message for the user, to which the option's name is added */
  readonly parse?: (text: string) => unknown;
}

/** Headings of options, as the help has them. */
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

/** Declared options, by their long names. */
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

/** The values of options, by their long names. */
export type Values<O extends Options> = { readonly [Name in keyof O]: Value<O[Name]> };

/** Values of options of any tool, by their long names; `defineTool` gives them their types. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

/** These options, under a heading of the help. */
export function inGroup<const O extends Options>(group: Group, options: O): O {
  const grouped = Object.entries(options).map(([name, option]) => [name, { ...option, group }]);
  return Object.fromEntries(grouped) as unknown as O;
}
