/** Maps errors of S3 to failures, beyond those common to all AWS services. */

import { Failure, status } from '../../failure.ts';
import { type AwsSettings, awsFailure } from '../../http/aws.ts';
import { NotNow } from '../../http/request.ts';
import { type Place, shownKey } from './place.ts';

/** The object exists, and was not to be replaced. */
export class Taken extends Failure {}
/** The server does not support conditional writes. */
export class NoCondition extends Failure {}
/** The upload does not exist: it was completed, or aborted by another process. */
export class NoUpload extends Failure {}
/** The object does not exist. */
export class Missing extends Failure {}

/** Temporary: corruption in transit, or concurrent writes of the same object. */
const PASSING =
  /^(?:BadDigest|XAmzContent(?:SHA256|Checksum)Mismatch|ConditionalRequestConflict|OperationAborted)$/;

/** @param key of the object */
export function s3Failure(error: unknown, place: Place, key: string, settings: AwsSettings): unknown {
  const shown = shownKey(place, key);
  if (error instanceof Error) {
    const options = { cause: error };
    const { name } = error;
    if (name === 'PreconditionFailed')
      return new Taken(status.unavailable, `${shown}: already exists`, options);
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

/** Whether the local clock is wrong, and the library has just corrected for the skew. */
function hasNewClock(error: Error): boolean {
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly clockSkewCorrected?: boolean } };
  return metadata?.clockSkewCorrected === true;
}
