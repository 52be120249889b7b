/** What the errors of Pub/Sub mean. */

import type { ServiceError } from '@grpc/grpc-js';
import { Failure, status, systemText } from '../../failure.ts';

/** The numbers of gRPC. */
export const codes = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  failedPrecondition: 9,
  unauthenticated: 16,
} as const;

/** Trying again is useless; anything else may pass: the service is away, overloaded, or ends a connection now and then. */
const final = new Set<number>([3, 5, 6, 7, 9, 11, 12, 16]);

const texts: ReadonlyMap<number, string> = new Map([
  [codes.deadlineExceeded, 'timeout'],
  [codes.permissionDenied, 'permission denied'],
  [codes.unauthenticated, 'not signed in'],
]);

/** An answer of the service that is an error. */
export class Refusal extends Failure {
  readonly code: number;

  constructor(shown: string, { code, details, message }: Pick<ServiceError, 'code' | 'details' | 'message'>) {
    const said = saidOf(details || message);
    const text = texts.get(code);
    const whole = text === undefined ? said : code === codes.deadlineExceeded ? text : `${text}: ${said}`;
    super(final.has(code) ? status.unavailable : status.temporary, `${shown}: ${whole}`);
    this.code = code;
  }
}

/** Its first line; of a system error, which the channel tells at length, that in words. */
function saidOf(text: string): string {
  const code = /\b(E[A-Z]{4,})\b/.exec(text)?.[1] ?? '';
  const words = systemText(code);
  // A name may look like a code.
  return words === code ? (text.split('\n', 1)[0] ?? '') : words;
}

/** Whether it is this answer of the service. */
export function isRefusal(error: unknown, ...wanted: readonly number[]): error is Refusal {
  return error instanceof Refusal && wanted.includes(error.code);
}
