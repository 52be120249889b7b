/** Checks whether a program can be run, and words the warnings. */

import { dirname } from 'node:path';
import type { CronPlace, OwnPlace } from './cron-place.ts';
import { findIn, lookAt, shebangOf } from './lookup.ts';
import type { Shell } from './shell-names.ts';

/** The state of a shell at some point of a script; undefined where only a run can tell. */
export interface ShellState {
  readonly cwd: string | undefined;
  readonly path: string | undefined;
  readonly shell: Shell;
}

export class Programs {
  readonly #place: CronPlace;
  readonly #own: OwnPlace;

  constructor(place: CronPlace, own: OwnPlace) {
    this.#place = place;
    this.#own = own;
  }

  /**
   * What is wrong with a program that is looked up in PATH; undefined for nothing.
   *
   * @param shown its name in the message
   */
  problemOfName(name: string, state: ShellState, shown = name): string | undefined {
    const { path, cwd } = state;
    if (path === undefined) return undefined;
    const { finding, path: found } = findIn(path, name, cwd);
    if (finding === 'executable') return this.#problemOfScript(shown, found, state);
    if (finding === 'file') return `${shown} is not executable: chmod +x ${found}`;
    if (finding !== 'missing') return undefined;
    return `${shown} is not found in ${this.#showPath(path)}${this.#hint(name, state.shell)}`;
  }

  /** What is wrong with a program at an existing path; undefined for nothing. */
  problemOfFile(path: string, shown: string, state: ShellState): string | undefined {
    const finding = lookAt(path);
    if (finding === 'folder') return `${shown} is a folder`;
    if (finding === 'file') return `${shown} is not executable: chmod +x ${path}`;
    return finding === 'executable' ? this.#problemOfScript(shown, path, state) : undefined;
  }

  /** Checks the interpreter: the most frequent reason why a script works in a terminal but not under cron. */
  #problemOfScript(shown: string, path: string, state: ShellState): string | undefined {
    const shebang = shebangOf(path);
    if (shebang === undefined) return undefined;
    const { line, program, name } = shebang;
    if (line.endsWith('\r')) return `${shown}: its first line ends with CRLF: no interpreter has such a name`;
    if (lookAt(program) === 'missing') return `${shown}: its interpreter ${program} does not exist`;
    if (name === undefined || name === shown) return undefined;
    return this.problemOfName(name, state, `${name}, which runs ${shown},`);
  }

  #showPath(path: string): string {
    const isCrons = this.#place.hasDefaultPath && path === this.#place.path;
    return isCrons ? `cron's PATH, ${path}` : `PATH=${path}`;
  }

  #hint(name: string, shell: Shell): string {
    if (name === 'root') return ': only the crontab of the system has a column for the user';
    if (shell.name === 'dash' && /^(?:source|\[\[|pushd|popd|declare|shopt)$/.test(name)) {
      return ': the shell is dash, so set SHELL=/bin/bash above';
    }
    const { finding, path } = findIn(this.#own.env.PATH ?? '', name, undefined);
    return finding === 'executable' ? `: write ${path}, or a PATH= with ${dirname(path)} above` : '';
  }
}
