/** The failures of a run that goes on after each of them. */

import { type Failure, status } from '../failure.ts';
import type { Io } from './tool.ts';

/** Reports each on stderr. The final status is that of all failures together. */
export class Failures {
  readonly #io: Pick<Io, 'fail' | 'conclude'>;
  #status: number | undefined = undefined;

  constructor(io: Pick<Io, 'fail' | 'conclude'>) {
    this.#io = io;
  }

  tell(failure: Failure): void {
    this.#status = together(this.#status ?? failure.status, failure.status);
    this.#io.fail(failure);
    this.#io.conclude(this.#status);
  }
}

/** The status of two failures: anything worse than a missing reading, else temporary if a retry may help. */
function together(one: number, other: number): number {
  const worse = [one, other].find((each) => each !== status.temporary && each !== status.unavailable);
  if (worse !== undefined) return worse;
  return one === status.temporary || other === status.temporary ? status.temporary : status.unavailable;
}
