/** What is used of the Kafka library; it is a bundle of its own, loaded when an address names Kafka. */

export {
  Admin,
  ConnectionPool,
  compressionsAlgorithms,
  compressionsAlgorithmsByBitmask,
  crc32c,
  createAPI,
  fetchV12,
  fetchV13,
  kGetApi,
  kGetBootstrapConnection,
  ProtocolError,
  produceV9,
  Reader,
  Writer,
} from '@platformatic/kafka';
