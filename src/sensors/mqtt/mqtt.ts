/**
 * `mqtt://[USER@]HOST/TOPIC` and `mqtts://...#/json/pointer`: a number in the messages of one topic of a broker.
 *
 * A reading is the last message since the previous reading; if there was none, the retained message; if none is
 * retained, the next one. Subscribes with QoS 1, by MQTT 3.1.1, which every broker supports. A topic is one sensor, so
 * wildcards are not allowed. The age of a retained message is unknown: with an age limit it is not a reading.
 *
 * Memory: two messages of at most 1 MiB.
 */

import { type Address, malformed } from '../../addresses/parse.ts';
import { Failure, status } from '../../failure.ts';
import { decodePart, numberIn, pointerOf } from '../number-in-text.ts';
import type { Sensor, SensorIo } from '../sensor.ts';
import { textSensor } from '../text-sensor.ts';
import { type Topic, TopicReader } from './topic-reader.ts';

const EXPECTED = 'mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT]/TOPIC[#/JSON/POINTER], without wildcards';
const PASSWORD_VARIABLE = 'ETL_MQTT_PASSWORD';

export default function openMqtt(address: Address, { env }: SensorIo): Sensor {
  if (!URL.canParse(address.text)) throw malformed(address, EXPECTED);
  const topic = parseTopic(address, env);
  const place = { pointer: pointerOf(address, EXPECTED), what: 'message', shown: address.shown };
  const reader = new TopicReader(topic);
  return {
    ...textSensor({
      ...{ name: topic.name, ...place },
      async readText({ signal, now, maxAgeMs }) {
        const { payload, ageMs } = await reader.next(signal, maxAgeMs);
        // An empty message clears the retained one.
        if (payload.length === 0) throw new Failure(status.temporary, `${place.shown}: the message is empty`);
        const text = new TextDecoder().decode(payload);
        return ageMs === undefined ? { text } : { text, time: Math.round(now() - ageMs) };
      },
      numberIn: (text) => numberIn(text, place),
    }),
    close: () => reader.close(),
  };
}

/** @throws Failure (usage) */
function parseTopic(address: Address, env: SensorIo['env']): Topic {
  const { hostname, port, username, password, pathname, search, protocol } = new URL(address.text);
  const part = (text: string) => decodePart(text, address, EXPECTED);
  const name = part(pathname.slice(1));
  // The URL parser takes a trailing wildcard for an empty fragment.
  const isWild = /[+#\0]/.test(name) || address.text.endsWith('#');
  if (hostname === '' || name === '' || search !== '' || isWild) throw malformed(address, EXPECTED);
  const isSecure = protocol === 'mqtts:';
  return {
    ...{ name, isSecure, shown: address.shown },
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (isSecure ? 8883 : 1883),
    // MQTT 3.1.1 allows no password without a user.
    ...(username !== '' && {
      username: part(username),
      password: part(password) || env[PASSWORD_VARIABLE] || undefined,
    }),
  };
}
