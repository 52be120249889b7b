/** Loads a file of tasks. */

import { isUtf8 } from 'node:buffer';
import { readRegularFile } from '../../../files/whole-file.ts';
import type { Policies } from '../../jobs/policies.ts';
import { type GraphFile, readGraph } from './read-graph.ts';

/** Maximum bytes of a file: ten thousand tasks need less. */
const LARGEST = 4 << 20;

/** A graph or the problems of its file, and the name of the file for messages. */
export interface LoadedGraph extends GraphFile {
  readonly file: string;
}

/**
 * @param given policies for what the file does not set
 * @throws Failure (no input) for a missing or unreadable file; (configuration) for one that is too large
 */
export function loadGraph(file: string, given: Partial<Policies> = {}): LoadedGraph {
  const bytes = readRegularFile(file, { most: LARGEST });
  if (isUtf8(bytes)) return { ...readGraph(bytes.toString(), file, given), file };
  const problem = { line: 1, column: 1, message: 'not a file of tasks: not UTF-8' };
  return { file, graph: undefined, problems: [problem] };
}
