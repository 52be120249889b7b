/** Maps errors of the Kafka library to failures. */

import { Failure, isTemporary, status } from '../../failure.ts';

/** The error codes of the Kafka protocol that matter here; the library knows the others. */
export const code = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  messageTooLarge: 10,
  notCoordinator: 16,
  recordListTooLarge: 18,
  illegalGeneration: 22,
  unknownMember: 25,
  rebalanceInProgress: 27,
  topicExists: 36,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducer: 59,
  memberIdRequired: 79,
  unknownTopicId: 100,
  inconsistentTopicId: 103,
} as const;

const REJOIN: readonly (number | undefined)[] = [
  code.illegalGeneration,
  code.unknownMember,
  code.rebalanceInProgress,
  code.memberIdRequired,
];
const FORBIDDEN = /AUTHORIZATION_FAILED$|^SASL_|^SECURITY_DISABLED$/;
/** Temporary, although the protocol does not mark them as retriable. */
const PASSING = [
  code.unknownTopic,
  code.notCoordinator,
  code.unknownTopicId,
  code.inconsistentTopicId,
  ...REJOIN,
];
const CERTIFICATE = /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** The properties used of errors from the library and from Node. */
interface Known extends Error {
  readonly code?: string;
  readonly apiId?: string;
  readonly apiCode?: number;
  readonly serverErrorMessage?: string | null;
  readonly canRetry?: boolean;
  readonly errors?: readonly unknown[];
}

/** The error with all its causes and aggregated errors. */
export function errorsOf(error: unknown): Known[] {
  if (!(error instanceof Error)) return [];
  const known: Known = error;
  return [known, ...errorsOf(known.cause), ...(known.errors ?? []).flatMap(errorsOf)];
}

/** The first protocol error code in an error. */
export function codeOf(error: unknown): number | undefined {
  return errorsOf(error).find(({ apiCode }) => apiCode !== undefined)?.apiCode;
}

/** The member id that the broker assigns on the first attempt to join a group. */
export function memberIdOf(error: unknown): string | undefined {
  const ids = errorsOf(error).map(
    (each) => (each as { response?: { memberId?: string } }).response?.memberId,
  );
  return ids.find(Boolean);
}

/** Whether the member must rejoin its group. */
export function mustRejoin(error: unknown): boolean {
  return REJOIN.includes(codeOf(error));
}

/** Converts an error of the engine. @throws the error itself when it is a bug */
export function kafkaFailure(shown: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const all = errorsOf(error);
  const protocol = all.find(({ apiCode }) => apiCode !== undefined);
  const last = all.at(-1);
  const fail = (kind: number, text: string) => new Failure(kind, `${shown}: ${text}`, { cause: error });
  if (all.some((each) => each.code === 'PLT_KFK_AUTHENTICATION'))
    return fail(
      status.unavailable,
      `authentication failed: ${protocol?.serverErrorMessage ?? 'wrong user or password'}`,
    );
  if (protocol !== undefined) {
    const { apiId = '', apiCode, canRetry, serverErrorMessage } = protocol;
    const text = `${apiId.toLowerCase().replaceAll('_', ' ')}${serverErrorMessage ? ` (${serverErrorMessage})` : ''}`;
    if (apiCode === code.messageTooLarge || apiCode === code.recordListTooLarge)
      return fail(status.data, text);
    if (FORBIDDEN.test(apiId)) return fail(status.unavailable, `not allowed: ${text}`);
    const isPassing = canRetry === true || PASSING.some((each) => each === apiCode);
    return fail(isPassing ? status.temporary : status.unavailable, text);
  }
  if (all.some(({ code: name = '' }) => CERTIFICATE.test(name)))
    return fail(status.unavailable, last?.message ?? 'no TLS');
  if (
    all.some(
      ({ code: name }) => name === 'PLT_KFK_UNSUPPORTED_COMPRESSION' || name === 'PLT_KFK_UNSUPPORTED_API',
    )
  )
    return fail(status.unavailable, last?.message ?? 'not supported');
  const isNetwork = all.some(({ code: name = '' }) => name === 'PLT_KFK_NETWORK' || /^E[A-Z]+$/.test(name));
  if (isNetwork || all.some(({ code: name }) => name === 'PLT_KFK_UNEXPECTED_CORRELATION_ID'))
    return fail(status.temporary, last?.message || 'no connection');
  throw error;
}

/** Converts any error; a bug becomes a Failure (software). */
export function failureOf(shown: string, error: unknown): Failure {
  try {
    return kafkaFailure(shown, error);
  } catch {
    return new Failure(status.software, String(error), { cause: error });
  }
}

/** Whether a retry may help. */
export function isPassing(error: unknown): boolean {
  try {
    return isTemporary(kafkaFailure('', error));
  } catch {
    return false;
  }
}
