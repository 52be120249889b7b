/** The parts of the MQTT library in use. */

export { MqttClient } from 'mqtt';
