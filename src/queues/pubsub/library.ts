/**
 * What is used of Google's libraries: the channel, the descriptions of messages, and, only where there is a real service to
 * sign in to, credentials. Google's whole client starts in five times as long, and holds more messages than it was asked for.
 */

import protos from '@google-cloud/pubsub/build/protos/protos.json' with { type: 'json' };
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';

const { Root } = protobuf;

export { Client, credentials, Metadata, protos, Root };

export const loadAuth = () => import('google-auth-library');
