/** What the driver needs of the MQTT library. */

export { MqttClient } from 'mqtt';
