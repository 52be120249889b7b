/** The failures of a run that goes on after each of them. */

import { type Failure, status } from '../failure.ts';
import type { Io } from './tool.ts';

/** Tells each as one line on stderr. The status is of all of them: whether a later try may succeed, or what is worse. */
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

/** What two statuses are together: worse than a reading that is missing, else temporary if a later try may give one. */
function together(one: number, other: number): number {
  const worse = [one, other].find((each) => each !== status.temporary && each !== status.unavailable);
  if (worse !== undefined) return worse;
  return one === status.temporary || other === status.temporary ? status.temporary : status.unavailable;
}
