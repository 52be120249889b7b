/** Whether a program can be run, in words for a warning. */

import { dirname } from 'node:path';
import type { CronPlace, OwnPlace } from './cron-place.ts';
import { findIn, lookAt, shebangOf } from './lookup.ts';
import type { Shell } from './shell-names.ts';

/** What a shell knows while it runs; undefined is what nobody knows before. */
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
   * What is wrong with a program that is looked for by its name; undefined for nothing.
   *
   * @param shown how it is called in the message
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

  /** What is wrong with a program that is there. */
  problemOfFile(path: string, shown: string, state: ShellState): string | undefined {
    const finding = lookAt(path);
    if (finding === 'folder') return `${shown} is a folder`;
    if (finding === 'file') return `${shown} is not executable: chmod +x ${path}`;
    return finding === 'executable' ? this.#problemOfScript(shown, path, state) : undefined;
  }

  /** Of its interpreter: the most frequent reason why cron cannot run what a person can. */
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
