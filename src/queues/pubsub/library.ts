/**
 * The parts of Google's libraries in use: gRPC, the message descriptions, and credentials, loaded only to sign in to
 * the real service. Google's full client takes five times as long to start, and fetches more messages than it was asked
 * for.
 */

import protos from '@google-cloud/pubsub/build/protos/protos.json' with { type: 'json' };
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';

const { Root } = protobuf;

export { Client, credentials, Metadata, protos, Root };

export const loadAuth = () => import('google-auth-library');
