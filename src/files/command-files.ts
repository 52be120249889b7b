/**
 * Checks the files of a command before anything is read or written: what is written is no input of the same command, nor
 * written twice, and a file of another kind is not replaced.
 *
 * Regular files are compared by device and inode, so links and other names of a file are found out, /dev/fd/N too. Devices,
 * pipes and descriptors such as /dev/stdout are written to and never replaced, so they may be given more than once.
 */

import { type BigIntStats, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseAddress } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { databaseBeside, firstBytes, kindOf } from './signature.ts';
import { isStream } from './stream-output.ts';

/** A file that a command writes. */
interface OutputFile {
  readonly name: string;
  /** What it holds, so what it may replace; `any` for a file that its driver looks at. */
  readonly content: 'text' | 'png' | 'any';
}

/** The files that a command line names. */
export interface CommandFiles {
  /** `-` is stdin. */
  readonly inputs: readonly string[];
  readonly outputs: readonly OutputFile[];
}

/** The file that a store or database of this address is; none when it is a server. */
export function storeFiles(text: string): OutputFile[] {
  const { scheme } = parseAddress(text);
  if (scheme !== '') return [];
  return [{ name: text, content: text.endsWith('.csv') ? 'text' : 'any' }];
}

/** The file that a queue of this address is in; none when it is on a server. */
export function queueFiles(text: string): OutputFile[] {
  const { scheme } = parseAddress(text);
  return scheme === '' ? [{ name: text.replace(/#dead$/, ''), content: 'any' }] : [];
}

/** The given names as outputs of text; `-` is stdout and left out. */
export function textFiles(...names: readonly (string | undefined)[]): OutputFile[] {
  return names.flatMap((name) =>
    name === undefined || name === '-' ? [] : [{ name, content: 'text' as const }],
  );
}

/** Tells which regular file stdin or stdout is; undefined when it is none. */
export type StreamIdentity = (stream: 'stdin' | 'stdout') => string | undefined;

/** @throws Failure (usage) for the first output that may not be written */
export function checkFiles({ inputs, outputs }: CommandFiles, streamIdentity: StreamIdentity): void {
  const read = new Set(inputs.map((name) => (name === '-' ? streamIdentity('stdin') : fileIdentity(name))));
  const stdout = streamIdentity('stdout');
  if (stdout !== undefined && read.has(stdout)) throw refused('stdout', 'input file is output file');
  const written = { inPlace: new Set([stdout]), byName: new Set<string>() };
  for (const { name, content } of outputs) {
    checkName(name);
    const isWrittenInPlace = isStream(name);
    // SQLite would take a device for an empty database, and leave files beside it.
    if (content === 'any' && isWrittenInPlace && fileIdentity(name) === undefined)
      throw refused(name, 'is no regular file');
    const identity = fileIdentity(name) ?? (isWrittenInPlace ? undefined : newIdentity(name));
    if (identity === undefined) continue;
    if (read.has(identity)) throw refused(name, 'input file is output file');
    if (written.byName.has(identity) || (!isWrittenInPlace && written.inPlace.has(identity)))
      throw refused(name, 'output file is used twice');
    (isWrittenInPlace ? written.inPlace : written.byName).add(identity);
    if (!isWrittenInPlace) checkContent(name, content);
  }
  checkCompanions(outputs);
}

function checkName(name: string): void {
  if (name === '') throw new Failure(status.usage, 'the name of an output file is empty');
  if (name.endsWith('/')) throw refused(name, 'is the name of a folder');
}

/** Refuses the names under which SQLite keeps files beside its databases, and removes them. */
function checkCompanions(outputs: readonly OutputFile[]): void {
  const databases = outputs.filter(({ content }) => content === 'any').map(({ name }) => newIdentity(name));
  for (const { name } of outputs) {
    const database = databaseBeside(name);
    if (database === undefined || isStream(name)) continue;
    if (databases.includes(newIdentity(database)) || kindAt(database) === 'SQLite database')
      throw refused(name, `is a file of the database ${database}`);
  }
}

/** Device and inode of a regular file, as text to compare; undefined for all else. */
export function identityOf(stat: BigIntStats | undefined): string | undefined {
  return stat?.isFile() ? `${stat.dev} ${stat.ino}` : undefined;
}

function fileIdentity(name: string): string | undefined {
  return identityOf(statOf(name));
}

function statOf(name: string) {
  try {
    return statSync(name, { bigint: true, throwIfNoEntry: false });
  } catch {
    // It cannot be looked at: opening it will say why.
    return undefined;
  }
}

/** Where a file that does not exist yet will be. */
function newIdentity(name: string): string {
  try {
    return join(realpathSync(dirname(name)), basename(name));
  } catch {
    return name;
  }
}

function checkContent(name: string, content: OutputFile['content']): void {
  if (content === 'any' || fileIdentity(name) === undefined) return;
  const kind = kindAt(name);
  if (kind === 'nothing' || kind === (content === 'png' ? 'PNG picture' : undefined)) return;
  throw refused(name, `${kind ?? 'other content'} is not replaced (remove it, or choose another FILE)`);
}

/** The kind of a regular file, as `kindOf` tells it; `nothing` when it is empty, missing, or cannot be read. */
function kindAt(name: string): ReturnType<typeof kindOf> | 'nothing' {
  if (fileIdentity(name) === undefined) return 'nothing';
  try {
    const head = firstBytes(name);
    return head.length === 0 ? 'nothing' : kindOf(head);
  } catch {
    // It may be written though it may not be read.
    return 'nothing';
  }
}

function refused(name: string, reason: string): Failure {
  return new Failure(status.usage, `${name}: ${reason}`);
}
