/** Signs in to Google's service with the application default credentials. */

import { withTimeLimit } from '../../async/time-limit.ts';
import { errorCode, Failure, status, systemText } from '../../failure.ts';
import type { TopicAddress } from './address.ts';

const SCOPE = 'https://www.googleapis.com/auth/pubsub';
/** Timeout for a token. */
const TIMEOUT_MS = 10_000;

/** The authentication headers of each call. @throws Failure (unavailable, temporary) */
export type SignIn = (signal: AbortSignal) => Promise<Iterable<readonly [name: string, value: string]>>;

/** The service, and its address for messages. */
export type Place = Pick<TopicAddress, 'shown' | 'project'>;

/** The type of `loadAuth` in `library.ts`. */
type LoadAuth = () => Promise<typeof import('google-auth-library')>;

export function signIn({ shown, project }: Place, loadAuth: LoadAuth): SignIn {
  let opened: InstanceType<Awaited<ReturnType<LoadAuth>>['GoogleAuth']> | undefined;
  return async (signal) => {
    if (opened === undefined) {
      // Otherwise the library probes the network for Google's metadata server, for seconds, and warns on stderr.
      process.env.METADATA_SERVER_DETECTION ??= 'bios-only';
      const { GoogleAuth } = await loadAuth();
      // Otherwise the library searches for the project, even by running gcloud, for seconds.
      opened ??= new GoogleAuth({ scopes: [SCOPE], projectId: project });
    }
    const auth = opened;
    const limit = { timeoutMs: TIMEOUT_MS, signal, timeoutError: () => notNow(shown, 'timeout') };
    try {
      return await withTimeLimit(() => auth.getRequestHeaders(), limit);
    } catch (error) {
      throw error instanceof Failure || signal.aborted ? error : signInFailure(shown, error);
    }
  };
}

/** Shows only known errors of the library: others may quote the credentials file. */
function signInFailure(shown: string, error: unknown): Failure {
  const answer = answerOf(error);
  if (answer !== undefined)
    return answer >= 500 || answer === 429
      ? notNow(shown, `HTTP ${answer}`)
      : refused(shown, `the credentials are refused (HTTP ${answer})`);
  const code = errorCode(error) ?? (error instanceof Error ? errorCode(error.cause) : undefined);
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return refused(shown, `the credentials file: ${systemText(code)}`);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return notNow(shown, systemText(code));
  const message = error instanceof Error ? error.message : '';
  if (/default credentials/.test(message))
    return refused(
      shown,
      'no credentials (set GOOGLE_APPLICATION_CREDENTIALS, or: gcloud auth application-default login)',
    );
  return refused(shown, 'the credentials cannot be used');
}

/** The HTTP status of the response, if any. */
function answerOf(error: unknown): number | undefined {
  const response = error instanceof Error && 'response' in error ? error.response : undefined;
  const isAnswer = typeof response === 'object' && response !== null && 'status' in response;
  return isAnswer && typeof response.status === 'number' ? response.status : undefined;
}

function refused(shown: string, why: string): Failure {
  return new Failure(status.unavailable, `${shown}: not signed in: ${why}`);
}

function notNow(shown: string, why: string): Failure {
  return new Failure(status.temporary, `${shown}: signing in: ${why}`);
}
