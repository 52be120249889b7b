/** What the doctor found: nothing that keeps a crontab from being used, but hardly what its writer wants. */

export type WarningKind =
  /** The file: cron refuses it, or reads something else. */
  | 'file'
  /** Hours that do not exist, or come twice. */
  | 'clock'
  | 'never'
  /** A `%` that ends the command. */
  | 'percent'
  /** A comment that says something else than the fields. */
  | 'comment'
  | 'shell'
  /** A command, script or folder that cron would not find, or may not execute. */
  | 'command'
  | 'variable'
  /** Where the ledger and the logs are to be. */
  | 'disk'
  | 'tzdata'
  | 'pid-1';

export interface Warning {
  readonly kind: WarningKind;
  /** Undefined for what the check that found it does not know. */
  readonly file?: string | undefined;
  /** Of the file, from 1; undefined for what is not about a line. */
  readonly line: number | undefined;
  /** The name of the job it is about. */
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
