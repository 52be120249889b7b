/** The parts of the library of SQS that are in use; it is loaded when an address names SQS. */

export { SQS } from '@aws-sdk/client-sqs';
