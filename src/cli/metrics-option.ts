/** The option of tools that also publish their newest values in a file for node_exporter's textfile collector. */

import { inGroup } from './option.ts';
import { fileValue } from './value-kinds.ts';

/** Declares `--prometheus`. */
export const metricsOption = inGroup('Output', {
  prometheus: {
    ...fileValue,
    parse: fileName,
    manualOnly: true,
    describe: "also replace this FILE.prom with the newest values, for node_exporter's textfile collector",
  },
});

/** @throws Error with a message for the user */
function fileName(text: string): string {
  if (text === '-') throw new Error('needs a file, since the output goes to stdout');
  return text;
}

/** How long to wait for another writer of the file. */
const LOCK = { waitMs: 10_000 };

/** Collects the newest values. */
interface Newest<Item> {
  add(item: Item): void;
  text(): string;
}

/**
 * Passes batches through. The file is replaced after each batch or, with `atEnd`, once after the last one; without values it
 * is left alone.
 *
 * @throws Failure (I/O, temporary) if the file cannot be written; it stays as it is
 */
export async function* alsoInFile<Item>(
  batches: AsyncIterable<Item[]>,
  file: string,
  newest: Newest<Item>,
  atEnd: boolean,
): AsyncGenerator<Item[]> {
  for await (const batch of batches) {
    for (const item of batch) newest.add(item);
    yield batch;
    if (!atEnd) await writeMetrics(file, newest.text());
  }
  if (atEnd) await writeMetrics(file, newest.text());
}

/** Replaces the file. @throws Failure as `alsoInFile` does */
export async function writeMetrics(file: string, text: string): Promise<void> {
  const { replaceFile } = await import('../files/replace.ts');
  if (text !== '') await replaceFile(file, text, LOCK);
}
