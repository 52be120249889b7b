/**
 * Finds commands, scripts and folders of a job that do not exist under cron: with its short PATH, and starting in HOME.
 *
 * Interprets a command line from left to right, including pipelines and subshells, and says nothing where only a run
 * could tell.
 */

import { dirname, resolve } from 'node:path';
import type { Job } from '../jobs/job.ts';
import { type CronPlace, cronPlaceOf, type OwnPlace } from './cron-place.ts';
import { findIn, lookAt } from './lookup.ts';
import { Programs, type ShellState } from './programs.ts';
import { type Shell, shellAt, variablesSetBy } from './shell-names.ts';
import { readScript, type ShellScript } from './shell-script.ts';
import type { Redirection, SimpleCommand } from './shell-step.ts';
import { expand, type Word } from './shell-word.ts';
import { innerOf, type Texts } from './unwrap.ts';
import { aboutJob, type Warning } from './warning.ts';

/** Commands that create no files: a file used after them must exist already. */
const HARMLESS = /^(?:\[|\[\[|test|cd|export|set|ulimit|umask|sleep|true|:|command|exec|echo|date)$/;
const TESTS = /^(?:\[|\[\[|test|command|type|which|hash)$/;

/** Warnings about the command of a job or a task. */
export function checkCommands(
  job: Pick<Job, 'name' | 'place' | 'command' | 'env'>,
  own: OwnPlace,
  place: CronPlace = cronPlaceOf(job),
): Warning[] {
  const finding = lookAt(place.shell);
  if (finding !== 'executable' && finding !== 'unknown') {
    const why = finding === 'missing' ? 'does not exist' : 'is not executable';
    return [aboutJob(job, 'shell', `SHELL=${place.shell} ${why}`)];
  }
  const shell = shellAt(place.shell);
  if (shell === undefined) return [];
  const check = new CommandCheck(place, own, shell);
  check.checkText(job.command);
  return [...check.messages].map((message) => aboutJob(job, 'command', message));
}

class CommandCheck {
  readonly messages = new Set<string>();
  readonly #place: CronPlace;
  readonly #own: OwnPlace;
  readonly #programs: Programs;
  readonly #values: Map<string, string>;
  /** Names that the script tests before use, and its functions. */
  readonly #guarded = new Set<string>();
  #state: ShellState;
  /** Whether no command so far could have created a file. */
  #isUntouched: boolean;
  /** Whether the rest may be meant for other machines: after `case`, or a test for something that is missing here. */
  #isConditional = false;

  constructor(place: CronPlace, own: OwnPlace, shell: Shell) {
    this.#isUntouched = place.isUntouched;
    this.#place = place;
    this.#own = own;
    this.#programs = new Programs(place, own);
    this.#values = new Map(place.values);
    this.#state = { cwd: place.home, path: /[$~]/.test(place.path) ? undefined : place.path, shell };
  }

  checkText(text: string): void {
    const script = readScript(text);
    if (!script.isWhole) return;
    this.#learn(script);
    const states: ShellState[] = [];
    let wasUntouched = this.#isUntouched;
    for (const step of script.steps) {
      if (step.kind === 'enter') states.push(this.#state);
      else if (step.kind === 'leave') this.#state = states.pop() ?? this.#state;
      else if (step.kind === 'case') this.#isConditional = true;
      else if (step.kind === 'command') {
        // The commands of a pipeline start concurrently.
        if (step.isPiped) this.#isUntouched = wasUntouched;
        else wasUntouched = this.#isUntouched;
        this.#checkCommand(step);
      }
    }
  }

  #learn(script: ShellScript): void {
    for (const name of variablesSetBy(script)) if (name !== 'PATH') this.#values.delete(name);
    for (const name of script.functions) this.#guarded.add(name);
    for (const step of script.steps) {
      if (step.kind !== 'command') continue;
      const [first, ...others] = step.words.map((word) => this.#expand(word));
      if (TESTS.test(first ?? '')) for (const text of others) if (text !== undefined) this.#guarded.add(text);
    }
  }

  #expand(word: Word): string | undefined {
    const { path } = this.#state;
    if (path === undefined) this.#values.delete('PATH');
    else this.#values.set('PATH', path);
    return expand(word, this.#values);
  }

  #checkCommand({ words, assignments, redirections }: SimpleCommand): void {
    const before = this.#state;
    for (const { name, value } of assignments) if (name === 'PATH') this.#setPath(this.#expand(value));
    for (const redirection of redirections) this.#checkRedirection(redirection);
    const texts = words.map((word) => this.#expand(word));
    if (texts.length === 0) return;
    this.#checkTexts(texts);
    if (TESTS.test(texts[0] ?? '') && this.#asksForMissing(texts)) this.#isConditional = true;
    // `PATH=... command` applies to that command only.
    if (assignments.some(({ name }) => name === 'PATH')) this.#setPath(before.path);
    if (!HARMLESS.test(texts[0] ?? '')) this.#isUntouched = false;
  }

  #setPath(path: string | undefined): void {
    this.#state = { ...this.#state, path };
  }

  #checkTexts(texts: Texts): void {
    const [name, ...operands] = texts;
    if (name === undefined || name === '') return;
    if (!this.#state.shell.isBuiltin(name)) this.#checkProgram(name);
    if (name === 'cd') this.#changeFolder(operands.filter((text) => !/^-[LPe]+$|^--$/.test(text ?? '')));
    if (/^(?:pushd|popd|chdir)$/.test(name)) this.#state = { ...this.#state, cwd: undefined };
    const inner = innerOf(texts);
    if (inner?.kind === 'command') this.#checkTexts(inner.texts);
    else if (inner?.kind === 'script') this.#checkInner(inner.text, inner.shell);
    else if (inner?.kind === 'file') this.#checkFile(inner.path);
    if (/^(?:\.|source|eval)$/.test(name)) this.#setPath(undefined);
    const exported = name === 'export' ? operands.find((text) => text?.startsWith('PATH=')) : undefined;
    if (exported !== undefined) this.#setPath(exported.slice('PATH='.length));
    else if (name === 'export' && operands.includes(undefined)) this.#setPath(undefined);
  }

  /** Checks a script that runs in its own shell. */
  #checkInner(text: string, name: string | undefined): void {
    const before = this.#state;
    const shell = name === undefined ? before.shell : shellAt(name);
    if (shell === undefined) return;
    this.#state = { ...before, shell };
    this.checkText(text);
    this.#state = before;
  }

  #checkProgram(name: string): void {
    if (this.#guarded.has(name) || name.startsWith('-')) return;
    if (!name.includes('/')) {
      this.#add(this.#programs.problemOfName(name, this.#state));
      return;
    }
    const path = this.#checkFile(name);
    if (path !== undefined) this.#add(this.#programs.problemOfFile(path, name, this.#state));
  }

  #add(message: string | undefined): void {
    if (message !== undefined && !this.#isConditional) this.messages.add(message);
  }

  /** Whether a test names a file or program that is missing. */
  #asksForMissing([test = '', ...texts]: Texts): boolean {
    const { path, cwd } = this.#state;
    return texts.some((text = '') => {
      if (text.includes('/')) return lookAt(this.#resolve(text) ?? '/') === 'missing';
      const isProgram = /^[a-z]/.test(test) && test !== 'test' && /^\w/.test(text);
      if (!isProgram || path === undefined || this.#state.shell.isBuiltin(text)) return false;
      return findIn(path, text, cwd).finding === 'missing';
    });
  }

  /** @returns the path of a file; undefined when it is missing or unknown */
  #checkFile(name: string): string | undefined {
    const path = this.#resolve(name);
    if (path === undefined || this.#guarded.has(name)) return undefined;
    if (lookAt(path) !== 'missing') return path;
    const isRelative = !name.startsWith('/');
    if (isRelative && !this.#isUntouched) return undefined;
    this.#add(isRelative ? this.#notThere(name) : `${name} does not exist`);
    return undefined;
  }

  #notThere(name: string): string {
    const { cwd } = this.#state;
    const isHome = cwd === this.#place.home;
    const hint =
      isHome && lookAt(resolve(this.#own.cwd, name)) !== 'missing'
        ? `: write ${resolve(this.#own.cwd, name)}`
        : '';
    const start = this.#place.kind === 'task' ? ', where the task starts' : ', where cron starts jobs';
    return `${name} is not in ${cwd}${isHome ? start : ''}${hint}`;
  }

  #resolve(name: string): string | undefined {
    const { cwd } = this.#state;
    return cwd === undefined && !name.startsWith('/') ? undefined : resolve(cwd ?? '/', name);
  }

  #changeFolder(operands: Texts): void {
    const name = operands.length === 0 ? this.#values.get('HOME') : operands[0];
    const path = name === undefined || name === '-' ? undefined : this.#resolve(name);
    const finding = path === undefined ? 'unknown' : lookAt(path);
    if (finding === 'missing' && this.#isUntouched && !this.#guarded.has(name ?? '')) {
      this.#add(`cd: ${path} does not exist`);
    }
    this.#state = { ...this.#state, cwd: finding === 'missing' ? undefined : path };
  }

  #checkRedirection({ operator, target }: Redirection): void {
    const name = this.#expand(target);
    if (!this.#isUntouched || !/^(?:<|>|>>|&>|&>>|>\|)$/.test(operator) || name === undefined || name === '')
      return;
    const path = this.#resolve(name);
    // In bash, /dev/tcp/HOST/PORT is a connection.
    if (path === undefined || /^\/dev\/(?:tcp|udp)\//.test(path)) return;
    if (operator === '<') this.#checkFile(name);
    else if (lookAt(dirname(path)) === 'missing') {
      this.#add(`${name} cannot be written: there is no folder ${dirname(path)}`);
    }
  }
}
