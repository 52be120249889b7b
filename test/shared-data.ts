/**
 * Real data beside the clone, in `../shared/data`, for the tests of `test/shared-data/`: more varied than `test/data`.
 *
 * Without the folder these tests are skipped, which one line reports; with `SHARED_DATA=required` that is a failure.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = '../shared/data';

/** The path of a file in the folder, or of the folder itself. */
export function sharedData(name = ''): string {
  return fileURLToPath(new URL(`../${FOLDER}/${name}`, import.meta.url));
}

/** Whether the folder is missing. */
export const isMissing = !existsSync(sharedData());
const isRequired = process.env.SHARED_DATA === 'required';

/** Called by Vitest before these tests. @throws Error if the folder is required, but missing */
export function setup(): void {
  if (isMissing && isRequired) throw new Error(`the folder ${FOLDER} is missing, and SHARED_DATA=required`);
}

/** Called by Vitest at the end, so that the line is seen. */
export function teardown(): void {
  if (isMissing && !isRequired)
    process.stderr.write(
      `left out: the tests in test/shared-data, because the folder ${FOLDER} is missing\n`,
    );
}
