/** Builtins and variables of shells, and the variables that scripts set. */

import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { ShellScript } from './shell-script.ts';
import type { SimpleCommand } from './shell-step.ts';
import { expand, type Word } from './shell-word.ts';

const words = (text: string) => new Set(text.split(/\s+/));

const BUILTINS = words(
  '. : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill local printf ' +
    'pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait',
);
const BUILTINS_OF_BASH = words(
  '[[ bind builtin caller coproc declare dirs disown enable history let logout mapfile popd pushd readarray shopt ' +
    'source suspend typeset',
);
const VARIABLES = words('IFS LINENO OLDPWD OPTARG OPTIND PPID PS1 PS2 PS4 PWD');
const VARIABLES_OF_BASH = words(
  'BASH COLUMNS COPROC DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HOSTNAME HOSTTYPE LINES MACHTYPE ' +
    'MAPFILE OPTERR OSTYPE PIPESTATUS RANDOM READLINE_LINE REPLY SECONDS SHELLOPTS SHLVL SRANDOM TERM UID',
);
/** Commands that set the variables named by their operands. */
const SETTERS = words('declare export getopts let local mapfile read readarray readonly typeset unset');
const SHELLS = words('ash bash busybox dash ksh mksh sh zsh');

/** A shell with the syntax that `readScript` reads. */
export interface Shell {
  /** Its name with links followed: `dash` for `/bin/sh` on Debian. */
  readonly name: string;
  isBuiltin(command: string): boolean;
  setsVariable(name: string): boolean;
}

/** @param path a path, or a name in /bin @returns undefined for any other program */
export function shellAt(path: string): Shell | undefined {
  const name = realName(path);
  if (!SHELLS.has(name)) return undefined;
  // Only for dash is it known what it lacks.
  const hasMore = name !== 'dash';
  return {
    name,
    isBuiltin: (command) => BUILTINS.has(command) || (hasMore && BUILTINS_OF_BASH.has(command)),
    setsVariable: (variable) =>
      VARIABLES.has(variable) ||
      (hasMore && (VARIABLES_OF_BASH.has(variable) || variable.startsWith('BASH_'))),
  };
}

function realName(path: string): string {
  try {
    return basename(realpathSync(resolve('/bin', path)));
  } catch {
    return basename(path);
  }
}

/** The variables that a script sets anywhere. */
export function variablesSetBy(script: ShellScript): Set<string> {
  const names = new Set(script.loopVariables);
  for (const step of script.steps) {
    if (step.kind !== 'command') continue;
    for (const { name } of step.assignments) names.add(name);
    for (const name of namesSetBy(step)) names.add(name);
  }
  for (const word of wordsOf(script)) {
    for (const part of word.parts) if (part.kind === 'variable' && part.sets) names.add(part.name);
  }
  return names;
}

/** All words of a script. */
export function* wordsOf({ steps }: ShellScript): Generator<Word> {
  for (const step of steps) {
    if (!('words' in step)) continue;
    yield* step.words;
    if (step.kind !== 'command') continue;
    for (const { value } of step.assignments) yield value;
    for (const { target } of step.redirections) yield target;
  }
}

/** Whether a script runs or exports text that it does not contain: a sourced file, or the output of a command. */
export function runsOtherText({ steps }: ShellScript): boolean {
  return steps.some((step) => {
    if (step.kind !== 'command') return false;
    const name = firstWord(step);
    const isOpen = step.words.slice(1).some(({ parts: [part] }) => part?.kind === 'result');
    return /^(?:\.|source|eval)$/.test(name) || (isOpen && /^(?:declare|export|set|typeset)$/.test(name));
  });
}

function namesSetBy(command: SimpleCommand): string[] {
  const name = firstWord(command);
  const texts = command.words.slice(1).map((word) => leadingText(word));
  if (name === 'printf' && texts[0] === '-v') return [texts[1] ?? ''];
  return SETTERS.has(name) ? texts.map((text) => /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '') : [];
}

function firstWord({ words: [first] }: SimpleCommand): string {
  return first === undefined ? '' : (expand(first, new Map()) ?? '');
}

function leadingText({ parts: [part] }: Word): string {
  return part?.kind === 'text' ? part.text : '';
}
