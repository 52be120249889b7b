/** Loads jobs from crontabs, graphs of tasks, and folders of graphs. */

import { isUtf8 } from 'node:buffer';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure, readFailure, status } from '../../failure.ts';
import { readWholeFile } from '../../files/whole-file.ts';
import { quote } from '../../lines/line.ts';
import type { Problem } from '../crontab/problem.ts';
import { readCrontab } from '../crontab/read-crontab.ts';
import type { Place } from '../due/when.ts';
import type { Job } from './job.ts';
import type { Policies } from './policies.ts';

/** Largest crontab in bytes, enough for a hundred thousand lines. */
const LARGEST = 16 << 20;

/** A file of jobs. */
export interface JobFile {
  /** Its name in messages. */
  readonly file: string;
  /** Text of a crontab; undefined for a graph, which is one job. */
  readonly crontab: string | undefined;
  readonly jobs: readonly Job[];
}

/** All jobs of a schedule. */
export interface LoadedJobs {
  readonly files: readonly JobFile[];
  /** Of all files, in their order. */
  readonly jobs: readonly Job[];
  /** Unreadable files, then mistakes with their places. Empty if the jobs can be run. */
  readonly problems: readonly Failure[];
  /** Name of the files in messages. */
  readonly name: string;
}

interface Source {
  readonly stdin: AsyncIterable<Buffer>;
}

/** A file, and what is wrong with it. */
type Found = JobFile & { readonly problems: readonly Problem[] };

/** @throws Failure (no input) for a folder that cannot be read */
export async function loadJobs(
  operands: readonly string[],
  source: Source,
  defaults: Partial<Policies>,
): Promise<LoadedJobs> {
  const found: Found[] = [];
  const unread: Failure[] = [];
  for (const path of jobFiles(operands))
    try {
      found.push(isGraphFile(path) ? await graphAt(path, defaults) : await crontabAt(path, source, defaults));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      unread.push(error);
    }
  const jobs = found.flatMap((file) => file.jobs);
  const mistakes = found.flatMap(({ file, problems: own }) =>
    own.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
  );
  const wrong = [...mistakes, ...repeatedNames(jobs)].map((text) => new Failure(status.config, text));
  const name = operands.map((operand) => (operand === '-' ? 'stdin' : operand)).join(', ');
  return { files: found, jobs, problems: [...unread, ...wrong], name };
}

/** @returns a function that loads the jobs at each call; a second call throws Failure for stdin */
export function jobLoader(
  operands: readonly string[],
  source: Source,
  defaults: Partial<Policies>,
): () => Promise<LoadedJobs> {
  let isRead = false;
  return async () => {
    if (isRead && operands.includes('-')) throw new Failure(status.usage, 'stdin: cannot be read again');
    isRead = true;
    return loadJobs(operands, source, defaults);
  };
}

/** The files that operands name, each once. A folder stands for its YAML files in name order, without hidden ones. */
export function jobFiles(operands: readonly string[]): string[] {
  const byPath = new Map<string, string>();
  for (const path of operands.flatMap(filesAt)) {
    const key = path === '-' ? path : resolve(path);
    if (!byPath.has(key)) byPath.set(key, path);
  }
  return [...byPath.values()];
}

/** Changes whenever a file changes, appears or disappears. @throws Failure for an unreadable folder; the system's error */
export function jobsVersion(operands: readonly string[]): string {
  const versions = jobFiles(operands).map((path) => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? `${path} is missing` : `${path} ${found.ino} ${found.mtimeNs} ${found.size}`;
  });
  return versions.join('\n');
}

function isGraphFile(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

function filesAt(operand: string): string[] {
  if (operand === '-' || !isFolder(operand)) return [operand];
  const names = readFolder(operand).filter((name) => isGraphFile(name) && !name.startsWith('.'));
  return names.sort().map((name) => join(operand, name));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Reading it will report why.
    return false;
  }
}

/** @throws Failure */
function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function graphAt(path: string, defaults: Partial<Policies>): Promise<Found> {
  // These load the YAML library, which crontabs do not need.
  const [{ loadGraph }, { graphJob }] = await Promise.all([
    import('../graph/file/load-graph.ts'),
    import('../graph/graph-job.ts'),
  ]);
  const { file, graph, problems } = loadGraph(path, defaults);
  return { file, crontab: undefined, jobs: graph === undefined ? [] : [graphJob(graph)], problems };
}

async function crontabAt(path: string, { stdin }: Source, defaults: Partial<Policies>): Promise<Found> {
  const file = path === '-' ? 'stdin' : path;
  const bytes = path === '-' ? await allOf(stdin) : await readWholeFile(path, { most: LARGEST });
  if (!isUtf8(bytes)) throw new Failure(status.config, `${file}: not a crontab: it is not UTF-8`);
  const crontab = bytes.toString();
  return { ...readCrontab(crontab, file, defaults), crontab, file };
}

/** Messages about jobs of the same name in different files; repeats within a crontab are reported when it is read. */
function repeatedNames(jobs: readonly Job[]): string[] {
  const places = new Map<string, Place>();
  return jobs.flatMap(({ name, place: { file, line } }) => {
    const other = places.get(name);
    if (other === undefined) places.set(name, { file, line });
    if (other === undefined || other.file === file) return [];
    return [`${file}:${line}:1: the job at ${other.file}:${other.line} is also named ${quote(name)}`];
  });
}

async function allOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
