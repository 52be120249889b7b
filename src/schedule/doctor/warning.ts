/** The doctor's findings: probable mistakes in a crontab that can be used nonetheless. */

export type WarningKind =
  /** The file format: cron refuses it, or reads it differently. */
  | 'file'
  /** Hours that are skipped or repeated. */
  | 'clock'
  | 'never'
  /** A `%` that ends the command. */
  | 'percent'
  /** A comment that contradicts the fields. */
  | 'comment'
  | 'shell'
  /** A command, script or folder that cron would not find or could not execute. */
  | 'command'
  | 'variable'
  /** The disk of the ledger and the logs. */
  | 'disk'
  | 'tzdata'
  | 'pid-1';

export interface Warning {
  readonly kind: WarningKind;
  /** Undefined where the check does not know it. */
  readonly file?: string | undefined;
  /** From 1; undefined for a warning that is not about a line. */
  readonly line: number | undefined;
  /** The name of the job; undefined for a warning that is not about a job. */
  readonly job: string | undefined;
  readonly message: string;
}

/** A warning about a job. */
export function aboutJob(
  {
    name,
    place,
  }: { readonly name: string; readonly place: { readonly file?: string; readonly line: number } },
  kind: WarningKind,
  message: string,
): Warning {
  return { kind, file: place.file, line: place.line, job: name, message };
}
