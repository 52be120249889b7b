/** Errors of SQLite that are about a row and about nothing else: a constraint, a type, a size. */

const [TOO_BIG, CONSTRAINT, MISMATCH] = [18, 19, 20];

/** Whether another row might be taken. */
export function isRefusedRow(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return [TOO_BIG, CONSTRAINT, MISMATCH].includes(error.errcode & 0xff);
}
