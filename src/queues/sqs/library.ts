/** The parts of the SQS library in use, loaded only for SQS addresses. */

export { SQS } from '@aws-sdk/client-sqs';
