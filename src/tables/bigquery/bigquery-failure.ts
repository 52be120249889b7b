/** Classifies BigQuery's errors: does a response, or a failed job, blame the rows or the service? */

import { BadRows, Failure, status } from '../../failure.ts';
import type { Answer } from '../../http/answer.ts';
import { type Endpoint, NotNow, redact, refusal } from '../../http/request.ts';

/** Error reasons after which a retry may succeed. */
const RETRYABLE = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'quotaExceeded',
  'rateLimitExceeded',
  'stopped',
  'tableUnavailable',
  'timeout',
]);
/** Messages for concurrent changes of a table, by BigQuery, and by DuckDB in an emulator. */
const COLLISION = /could not serialize access|concurrent update|exceeded rate limits|\bconflict on\b/i;
/** Messages about values. */
const BAD_VALUE =
  /^(?:bad \w+ value|invalid (?:\w+ )?(?:value|string|date|datetime|time|timestamp|json)\b|could not (?:cast|convert|parse)|required field|value (?:has|of)|.*\b(?:out of range|overflow|cannot be null|exceeds? the maximum))/i;

/** An error as in the API's JSON. */
export interface ApiError {
  readonly reason: string;
  readonly message: string;
}

/** The failure for a response other than 2xx. @param error undefined when the body has none */
export function answerFailure(endpoint: Endpoint, response: Answer, error: ApiError | undefined): Failure {
  const failure = refusal(endpoint, response);
  if (error === undefined) return failure;
  const message = messageOf(endpoint, error);
  if (failure instanceof NotNow) return new NotNow(message, failure);
  return RETRYABLE.has(error.reason) ? new NotNow(message) : new Failure(failure.status, message);
}

/** The failure for a failed job. */
export function jobFailure(endpoint: Endpoint, error: ApiError): Failure {
  const message = messageOf(endpoint, error);
  if (RETRYABLE.has(error.reason) || COLLISION.test(error.message)) return new NotNow(message);
  if (error.reason === 'invalid' || BAD_VALUE.test(error.message)) return new BadRows(message);
  return new Failure(status.unavailable, message);
}

function messageOf(endpoint: Endpoint, error: ApiError): string {
  return `${endpoint.shown}: ${redact(endpoint, explanation(error))}`;
}

/** The message, with the command that creates a missing dataset. */
function explanation({ message }: ApiError): string {
  const [line = ''] = message.split('\n', 1);
  const [, project, dataset] = /^Not found: Dataset ([^\s:]+):(\w+)/.exec(line) ?? [];
  return dataset === undefined ? line : `${line}; make it: bq mk --dataset ${project}:${dataset}`;
}
