/** The parts of the Kafka library in use, as a bundle of its own, loaded only for Kafka addresses. */

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
