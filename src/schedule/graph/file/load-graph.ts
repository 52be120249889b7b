/** A file of tasks, from its path. */

import { isUtf8 } from 'node:buffer';
import { readRegularFile } from '../../../files/whole-file.ts';
import type { Policies } from '../../jobs/policies.ts';
import { type GraphFile, readGraph } from './read-graph.ts';

/** In bytes: ten thousand tasks have less. */
const LARGEST = 4 << 20;

/** A graph, or what is wrong with its file, and the name of it in messages. */
export interface LoadedGraph extends GraphFile {
  readonly file: string;
}

/**
 * @param given policies for what the file does not say
 * @throws Failure (no input) for a file that is missing, or cannot be read; (configuration) for one that is too large
 */
export function loadGraph(file: string, given: Partial<Policies> = {}): LoadedGraph {
  const bytes = readRegularFile(file, { most: LARGEST });
  if (isUtf8(bytes)) return { ...readGraph(bytes.toString(), file, given), file };
  const problem = { line: 1, column: 1, message: 'not a file of tasks: not UTF-8' };
  return { file, graph: undefined, problems: [problem] };
}
