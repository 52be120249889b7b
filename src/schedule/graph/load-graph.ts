/** A file of tasks, from its path. */

import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { Failure, readFailure, status } from '../../failure.ts';
import { readAll } from '../../files/read-at.ts';
import type { Policies } from '../policies.ts';
import { type GraphFile, readGraph } from './read-graph.ts';

/** In bytes: ten thousand tasks have less. */
const LARGEST = 4 << 20;

/** A graph, or what is wrong with its file, and the name of it in messages. */
export interface LoadedGraph extends GraphFile {
  readonly file: string;
}

/**
 * @param given policies for what the file does not say
 * @throws Failure (no input) for a file that is missing, or cannot be read
 */
export function loadGraph(file: string, given: Partial<Policies> = {}): LoadedGraph {
  const bytes = bytesOf(file);
  if (bytes === undefined) return wrong(file, `larger than ${LARGEST >> 20} MiB`);
  if (!isUtf8(bytes)) return wrong(file, 'not UTF-8');
  return { ...readGraph(bytes.toString(), file, given), file };
}

function wrong(file: string, message: string): LoadedGraph {
  return {
    file,
    graph: undefined,
    problems: [{ line: 1, column: 1, message: `not a file of tasks: ${message}` }],
  };
}

/** Undefined for a file that is too large. */
function bytesOf(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    const stat = statSync(file);
    // A pipe may never come, and a device never end.
    if (!stat.isFile() && !stat.isDirectory()) throw new Failure(status.noInput, `${file}: not a file`);
    descriptor = openSync(file, 'r');
    return fstatSync(descriptor).size > LARGEST ? undefined : readAll(descriptor);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw readFailure(file, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
