/**
 * Checks the files of a command before anything is read or written: an output must not be an input or another output of
 * the same command, and must not replace a file of another kind.
 *
 * Regular files are compared by device and inode, which sees through links and /dev/fd/N. Devices, pipes and descriptors
 * such as /dev/stdout are written to and never replaced, so they may be given more than once.
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
  /** The kind of content, and so the kind it may replace; `any` for a file that its driver checks. */
  readonly content: 'text' | 'png' | 'any';
}

/** The files that a command line names. */
export interface CommandFiles {
  /** `-` is stdin. */
  readonly inputs: readonly string[];
  readonly outputs: readonly OutputFile[];
}

/** The file of the store or database at this address; none for a server. */
export function storeFiles(text: string): OutputFile[] {
  const { scheme } = parseAddress(text);
  if (scheme !== '') return [];
  return [{ name: text, content: text.endsWith('.csv') ? 'text' : 'any' }];
}

/** The file that holds the queue at this address; none for a server. */
export function queueFiles(text: string): OutputFile[] {
  const { scheme } = parseAddress(text);
  return scheme === '' ? [{ name: text.replace(/#dead$/, ''), content: 'any' }] : [];
}

/** The given names as text outputs, without `-` (stdout). */
export function textFiles(...names: readonly (string | undefined)[]): OutputFile[] {
  return names.flatMap((name) =>
    name === undefined || name === '-' ? [] : [{ name, content: 'text' as const }],
  );
}

/** Identity of the regular file behind stdin or stdout; undefined when there is none. */
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
    // SQLite would treat a device as an empty database, and leave files beside it.
    if (content === 'any' && isWrittenInPlace && fileIdentity(name) === undefined)
      throw refused(name, 'is not a regular file');
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

/** Refuses names that SQLite uses for files beside a database (-wal, -shm, -journal): it would overwrite or remove them. */
function checkCompanions(outputs: readonly OutputFile[]): void {
  const databases = outputs.filter(({ content }) => content === 'any').map(({ name }) => newIdentity(name));
  for (const { name } of outputs) {
    const database = databaseBeside(name);
    if (database === undefined || isStream(name)) continue;
    if (databases.includes(newIdentity(database)) || kindAt(database) === 'SQLite database')
      throw refused(name, `is a file of the database ${database}`);
  }
}

/** Device and inode of a regular file, as comparable text; undefined for anything else. */
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
    // Opening the file reports the reason.
    return undefined;
  }
}

/** Real path of a file that does not exist yet. */
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

/** The kind of a regular file, by `kindOf`; `nothing` when it is empty, missing, or unreadable. */
function kindAt(name: string): ReturnType<typeof kindOf> | 'nothing' {
  if (fileIdentity(name) === undefined) return 'nothing';
  try {
    const head = firstBytes(name);
    return head.length === 0 ? 'nothing' : kindOf(head);
  } catch {
    // A file may be writable without being readable.
    return 'nothing';
  }
}

function refused(name: string, reason: string): Failure {
  return new Failure(status.usage, `${name}: ${reason}`);
}
