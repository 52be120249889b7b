/** The failures of a run that continues after each of them. */

import { type Failure, status } from '../failure.ts';
import type { Io } from './tool.ts';

/** Reports each failure on stderr, and combines them into the final exit status. */
export class Failures {
  readonly #io: Pick<Io, 'fail' | 'conclude'>;
  #status: number | undefined = undefined;

  constructor(io: Pick<Io, 'fail' | 'conclude'>) {
    this.#io = io;
  }

  tell(failure: Failure): void {
    this.#status = combined(this.#status ?? failure.status, failure.status);
    this.#io.fail(failure);
    this.#io.conclude(this.#status);
  }
}

/** Combines two statuses: the first that is worse than a missing reading; otherwise temporary, if a retry may help. */
function combined(one: number, other: number): number {
  const worse = [one, other].find((each) => each !== status.temporary && each !== status.unavailable);
  if (worse !== undefined) return worse;
  return one === status.temporary || other === status.temporary ? status.temporary : status.unavailable;
}
