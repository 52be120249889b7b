/** Maps errors of an MQTT broker, or of the connection to it, to failures. */

import { errorCode, errorText, Failure, status } from '../../failure.ts';
import { NOT_SET_UP_CODES } from '../../http/request.ts';

/** CONNACK return code of a broker that is not ready. */
const SERVER_UNAVAILABLE = 3;

/** The Failure for an error of the library, broker or system; returns a Failure unchanged. @param shown the address */
export function mqttFailure(shown: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const words = errorText(error) || String(errorCode(error));
  // Messages of the library start with a capital.
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
  // Any other error means that the peer does not speak MQTT.
  return /timeout|disconnecting|closed/i.test(errorText(error));
}
