/** Failures of an MQTT broker and of the way to it. */

import { errorCode, errorText, Failure, status } from '../../failure.ts';
import { NOT_SET_UP_CODES } from '../../http/request.ts';

/** What a broker answers that is not ready. */
const SERVER_UNAVAILABLE = 3;

/** The Failure for an error of the library, the broker or the system; a Failure stays as it is. @param shown the address */
export function mqttFailure(shown: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const words = errorText(error) || String(errorCode(error));
  // The library's own begin like sentences.
  const text = errorCode(error) === undefined ? words.toLowerCase() : words;
  return new Failure(isTransient(error) ? status.temporary : status.unavailable, `${shown}: ${text}`, {
    cause: error,
  });
}

function isTransient(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined) return !NOT_SET_UP_CODES.test(code);
  const answer = error instanceof Error && 'code' in error ? error.code : undefined;
  if (answer !== undefined) return answer === SERVER_UNAVAILABLE;
  // Anything else is what is no MQTT.
  return /timeout|disconnecting|closed/i.test(errorText(error));
}
