/** Unary gRPC calls to Pub/Sub, typed by its own descriptions. */

import type { google } from '@google-cloud/pubsub/build/protos/protos.js';
import type { Client, Metadata, ServiceError } from '@grpc/grpc-js';
import type { Method, Root } from 'protobufjs/light.js';
import type { QueueSettings } from '../driver.ts';
import { Refusal } from './failures.ts';
import { type Place, type SignIn, signIn } from './sign-in.ts';

export type PubsubMessage = google.pubsub.v1.IPubsubMessage;
export type ReceivedMessage = google.pubsub.v1.IReceivedMessage;
export type Subscription = google.pubsub.v1.ISubscription;
type Empty = object;

/** Request and response of each call. */
interface Calls {
  'Publisher/CreateTopic': [google.pubsub.v1.ITopic, google.pubsub.v1.ITopic];
  'Publisher/GetTopic': [google.pubsub.v1.IGetTopicRequest, google.pubsub.v1.ITopic];
  'Publisher/DeleteTopic': [google.pubsub.v1.IDeleteTopicRequest, Empty];
  'Publisher/Publish': [google.pubsub.v1.IPublishRequest, google.pubsub.v1.IPublishResponse];
  'Publisher/ListTopicSubscriptions': [
    google.pubsub.v1.IListTopicSubscriptionsRequest,
    google.pubsub.v1.IListTopicSubscriptionsResponse,
  ];
  'Subscriber/CreateSubscription': [Subscription, Subscription];
  'Subscriber/GetSubscription': [google.pubsub.v1.IGetSubscriptionRequest, Subscription];
  'Subscriber/DeleteSubscription': [google.pubsub.v1.IDeleteSubscriptionRequest, Empty];
  'Subscriber/Pull': [google.pubsub.v1.IPullRequest, google.pubsub.v1.IPullResponse];
  'Subscriber/Acknowledge': [google.pubsub.v1.IAcknowledgeRequest, Empty];
  'Subscriber/ModifyAckDeadline': [google.pubsub.v1.IModifyAckDeadlineRequest, Empty];
}
export type Call = keyof Calls;
export type Request<Name extends Call> = Calls[Name][0];
export type Answer<Name extends Call> = Calls[Name][1];

const SERVICE = 'pubsub.googleapis.com:443';
const PACKAGE = 'google.pubsub.v1';

const channelOptions = {
  // A pull may return a thousand messages.
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  // Detects dead connections.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // Retries are up to --wait.
  'grpc.enable_retries': 0,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
};

export interface CallOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A connection, opened by the first call. */
export class Service {
  readonly #shown: string;
  readonly #client: Client;
  readonly #root: Root;
  readonly #newMetadata: () => Metadata;
  readonly #signIn: SignIn;

  constructor(place: Place, library: typeof import('./library.ts'), env: QueueSettings['env']) {
    const { Client, credentials, Metadata, Root, protos, loadAuth } = library;
    const emulator = env.PUBSUB_EMULATOR_HOST?.replace(/^http:\/\/|\/+$/g, '');
    this.#shown = place.shown;
    this.#root = Root.fromJSON(protos);
    this.#newMetadata = () => new Metadata();
    this.#signIn = emulator ? async () => [] : signIn(place, loadAuth);
    this.#client = emulator
      ? new Client(emulator, credentials.createInsecure(), { ...channelOptions, 'grpc.enable_http_proxy': 0 })
      : new Client(SERVICE, credentials.createSsl(), channelOptions);
  }

  /** Calls without retries. @throws Refusal, Failure of the sign-in */
  async call<Name extends Call>(
    name: Name,
    request: Request<Name>,
    { timeoutMs, signal }: CallOptions,
  ): Promise<Answer<Name>> {
    const metadata = this.#newMetadata();
    for (const [header, value] of await this.#signIn(signal)) metadata.set(header, value);
    metadata.set('x-goog-request-params', routeOf(request));
    const { resolvedRequestType: asked, resolvedResponseType: answered } = this.#method(name);
    if (asked === null || answered === null) throw new Error(`${name} is not described`);
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const cancel = () => unary.cancel();
      const unary = this.#client.makeUnaryRequest<object, Answer<Name>>(
        `/${PACKAGE}.${name}`,
        (value) => Buffer.from(asked.encode(value).finish()),
        (bytes) => answered.decode(bytes),
        request,
        metadata,
        { deadline: Date.now() + timeoutMs },
        (error: ServiceError | null, answer) => {
          signal.removeEventListener('abort', cancel);
          if (error !== null) reject(new Refusal(this.#shown, error));
          else resolve(answer ?? {});
        },
      );
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  close(): void {
    this.#client.close();
  }

  #method(name: Call): Method {
    const [service = '', method = ''] = name.split('/');
    const found = this.#root.lookupService(`${PACKAGE}.${service}`).methods[method];
    if (found === undefined) throw new Error(`${name} is not described`);
    found.resolve();
    return found;
  }
}

/** The routing header, by which Google's servers find the resource. */
function routeOf(request: Named): string {
  for (const name of ['name', 'subscription', 'topic'] as const) {
    const value = request[name];
    if (value) return `${name}=${encodeURIComponent(value)}`;
  }
  return '';
}

type Named = { readonly [name in 'name' | 'subscription' | 'topic']?: string | null };
