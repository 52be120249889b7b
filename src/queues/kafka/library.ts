/** What is used of the Kafka library; it is a bundle of its own, loaded when an address names Kafka. */

export {
  Admin,
  ConnectionPool,
  compressionsAlgorithms,
  crc32c,
  createAPI,
  kGetApi,
  kGetBootstrapConnection,
  ProtocolError,
  produceV9,
  produceV10,
  produceV11,
  Reader,
  Writer,
} from '@platformatic/kafka';
