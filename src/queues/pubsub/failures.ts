/** Maps errors of Pub/Sub to failures. */

import type { ServiceError } from '@grpc/grpc-js';
import { Failure, status, systemText } from '../../failure.ts';

/** gRPC status codes. */
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

/** Permanent errors. All others are temporary: the service is away, overloaded, or has closed a connection. */
const final = new Set<number>([3, 5, 6, 7, 9, 11, 12, 16]);

const texts: ReadonlyMap<number, string> = new Map([
  [codes.deadlineExceeded, 'timeout'],
  [codes.permissionDenied, 'permission denied'],
  [codes.unauthenticated, 'not signed in'],
]);

/** An error response of the service. */
export class Refusal extends Failure {
  readonly code: number;

  constructor(shown: string, { code, details, message }: Pick<ServiceError, 'code' | 'details' | 'message'>) {
    const said = textOf(details || message);
    const text = texts.get(code);
    const whole = text === undefined ? said : code === codes.deadlineExceeded ? text : `${text}: ${said}`;
    super(final.has(code) ? status.unavailable : status.temporary, `${shown}: ${whole}`);
    this.code = code;
  }
}

/** The first line of an error. A system error, which gRPC wraps in a long text, is translated instead. */
function textOf(text: string): string {
  const code = /\b(E[A-Z]{4,})\b/.exec(text)?.[1] ?? '';
  const words = systemText(code);
  // Not every such word is an error code.
  return words === code ? (text.split('\n', 1)[0] ?? '') : words;
}

/** Whether an error is one of these responses. */
export function isRefusal(error: unknown, ...wanted: readonly number[]): error is Refusal {
  return error instanceof Refusal && wanted.includes(error.code);
}
