/** A ledger whose runs are shown, and acted on. */

import type { LedgerReader } from '../../ledger/reader.ts';
import type { DueTimes } from './job-json.ts';

export interface ServedLedger {
  readonly reader: LedgerReader;
  /** Its path. */
  readonly path: string;
  /** How long to wait for others that write it, in milliseconds. */
  readonly waitMs: number;
  readonly due: DueTimes;
}
