/** What the errors of S3 say, beside those that are the same for all services of AWS. */

import { Failure, status } from '../../failure.ts';
import { type AwsSettings, awsFailure } from '../../http/aws.ts';
import { NotNow } from '../../http/request.ts';
import { type Place, shownKey } from './place.ts';

/** An object of this name is there already, and was not to be replaced. */
export class Taken extends Failure {}
/** The server cannot be asked to replace nothing. */
export class NoCondition extends Failure {}
/** The upload is not there: it is complete, or was ended by somebody else. */
export class NoUpload extends Failure {}
/** There is no object of this name. */
export class Missing extends Failure {}

/** Bytes were changed on their way, or two wrote the same object at once. */
const PASSING =
  /^(?:BadDigest|XAmzContent(?:SHA256|Checksum)Mismatch|ConditionalRequestConflict|OperationAborted)$/;

/** @param key of the object */
export function s3Failure(error: unknown, place: Place, key: string, settings: AwsSettings): unknown {
  const shown = shownKey(place, key);
  if (error instanceof Error) {
    const options = { cause: error };
    const { name } = error;
    if (name === 'PreconditionFailed')
      return new Taken(status.unavailable, `${shown}: is there already`, options);
    if (name === 'NotImplemented')
      return new NoCondition(status.unavailable, `${shown}: ${name}: ${error.message}`, options);
    if (name === 'NoSuchKey') return new Missing(status.noInput, `${shown}: no such object`, options);
    if (name === 'NoSuchUpload')
      return new NoUpload(status.temporary, `${shown}: its upload was ended by another command`, options);
    if (PASSING.test(name) || hasNewClock(error))
      return new NotNow(`${shown}: ${name}: ${error.message}`, options);
  }
  const hints = {
    NoSuchBucket: `make it: aws s3 mb s3://${place.bucket}`,
    AuthorizationHeaderMalformed: 'AWS_REGION',
  };
  return awsFailure(error, { shown, settings, hints });
}

/** Whether the clock of this machine is wrong, and the library has learned from the answer by how much. */
function hasNewClock(error: Error): boolean {
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly clockSkewCorrected?: boolean } };
  return metadata?.clockSkewCorrected === true;
}
