/**
 * Real data beside the clone, in `../shared/data`: the tests of `test/shared-data/` read it, for more breadth than
 * `test/data` has.
 *
 * Where the folder is missing they are left out, and one line says so; with `SHARED_DATA=required` that is a failure.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = '../shared/data';

/** The path of a file of the folder; of the folder itself without a name. */
export function sharedData(name = ''): string {
  return fileURLToPath(new URL(`../${FOLDER}/${name}`, import.meta.url));
}

/** Whether the folder is missing. */
export const isMissing = !existsSync(sharedData());
const isRequired = process.env.SHARED_DATA === 'required';

/** Vitest calls it before these tests. @throws Error when the folder is required, and missing */
export function setup(): void {
  if (isMissing && isRequired) throw new Error(`the folder ${FOLDER} is missing, and SHARED_DATA=required`);
}

/** Vitest calls it in the end, where the line is seen. */
export function teardown(): void {
  if (isMissing && !isRequired)
    process.stderr.write(
      `left out: the tests in test/shared-data, because the folder ${FOLDER} is missing\n`,
    );
}
