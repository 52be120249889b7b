/** A ledger whose runs the server shows and acts on. */

import type { LedgerReader } from '../../ledger/reader.ts';
import type { DueTimes } from './job-json.ts';

export interface ServedLedger {
  readonly reader: LedgerReader;
  /** Its path. */
  readonly path: string;
  readonly due: DueTimes;
}
