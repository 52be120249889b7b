/** A ledger whose runs are shown, and acted on. */

import type { LedgerReader } from '../../ledger/reader.ts';
import type { DueTimes } from './job-json.ts';

export interface ServedLedger {
  readonly reader: LedgerReader;
  /** Its path. */
  readonly path: string;
  readonly due: DueTimes;
}
