import { answer, closedPort, serve } from '../http/server.ts';
import { broker } from './broker.ts';
import { type OpenedSensor, sensorContract } from './contract.ts';
import { tree } from './sensor-io.ts';

async function file(content: string): Promise<OpenedSensor> {
  return { address: `file:${await tree({ 'attic.temp': content })}/attic.temp` };
}

async function recording(content: string): Promise<OpenedSensor> {
  return { address: `replay:${await tree({ log: content })}/log` };
}

async function sysfs(address: string, files: Record<string, string>): Promise<OpenedSensor> {
  return { address, env: { ETL_SYSFS: await tree(files) } };
}

sensorContract('sim', {
  good: async () => ({ address: 'sim:attic?swing=0&noise=0&mean=21.5' }),
  value: '21.50',
  name: 'attic',
  malformed: ['sim:attic?colour=red', 'sim:?noise=-1', 'sim:?mean=warm', 'sim:%'],
});

sensorContract('file', {
  good: () => file('21.50\n'),
  value: '21.50',
  name: 'attic',
  junk: () => file('ERR\n'),
  gone: async () => ({ address: 'file:/nonexistent/attic' }),
  giving: file,
  malformed: ['file:', 'file://elsewhere/attic'],
});

sensorContract('hwmon', {
  good: () =>
    sysfs('hwmon:', {
      'class/hwmon/hwmon0/name': 'k10temp\n',
      'class/hwmon/hwmon0/temp1_input': '21500\n',
    }),
  value: '21.500',
  name: 'k10temp',
  junk: () => sysfs('hwmon:', { 'class/hwmon/hwmon0/temp1_input': 'ERR\n' }),
  gone: () => sysfs('hwmon:', {}),
  listed: ['hwmon:k10temp/temp1', 'temp1'],
  malformed: [],
});

sensorContract('thermal', {
  good: () =>
    sysfs('thermal:', {
      'class/thermal/thermal_zone0/type': 'cpu-thermal\n',
      'class/thermal/thermal_zone0/temp': '21500\n',
    }),
  value: '21.500',
  name: 'cpu-thermal',
  junk: () => sysfs('thermal:', { 'class/thermal/thermal_zone0/temp': '21.5 C\n' }),
  gone: () => sysfs('thermal:', { 'class/thermal/cooling_device0/type': 'fan\n' }),
  listed: ['thermal:cpu-thermal', 'thermal_zone0'],
  malformed: [],
});

sensorContract('w1', {
  good: () => sysfs('w1:', { 'bus/w1/devices/28-0000/temperature': '21500\n' }),
  value: '21.500',
  name: '28-0000',
  junk: () => sysfs('w1:', { 'bus/w1/devices/28-0000/temperature': 'ERR\n' }),
  gone: () => sysfs('w1:', { 'bus/w1/devices/w1_bus_master1/name': '' }),
  listed: ['w1:28-0000', 'DS18B20'],
  malformed: [],
});

sensorContract('http', {
  good: async () => ({ address: `${await answer('{"temp":21.50}')}#/temp` }),
  value: '21.50',
  name: '127.0.0.1',
  junk: async () => ({ address: `${await answer('<html>')}#/temp` }),
  gone: async () => ({ address: `http://127.0.0.1:${await closedPort()}/#/temp` }),
  giving: async (json) => ({ address: `${await answer(`{"b":[${json}]}`)}#/b/0` }),
  hanging: {
    'before the headers': async () => ({ address: await serve(() => {}) }),
    'in the body': async () => ({
      address: await serve((_, response) => {
        response.writeHead(200);
        response.write('21.');
      }),
    }),
  },
  malformed: [
    'http://',
    'http:///',
    'http://host/#temp',
    'http://host/#/~2',
    'http://host/#/%zz',
    'https://:80',
  ],
});

sensorContract('mqtt', {
  good: async () => ({ address: `${await broker({ retained: '{"temp":21.50}' })}/attic#/temp` }),
  value: '21.50',
  name: 'attic',
  junk: async () => ({ address: `${await broker({ retained: 'ERR' })}/attic` }),
  gone: async () => ({ address: `mqtt://127.0.0.1:${await closedPort()}/attic` }),
  giving: async (retained) => ({ address: `${await broker({ retained })}/attic` }),
  hanging: {
    'before the broker answers': async () => ({ address: `${await broker({ login: 'none' })}/attic` }),
    'before a message': async () => ({ address: `${await broker({})}/attic` }),
  },
  malformed: [
    'mqtt:',
    'mqtt://',
    'mqtt://host',
    'mqtt://host/',
    'mqtt:///attic',
    'mqtt://host/attic?a=b',
    'mqtt://host/+/temp',
    'mqtt://host/home/%23',
    'mqtt://host/attic#temp',
    'mqtt://host/attic#/~2',
    'mqtts://host/%zz',
    'mqtt://host:port/attic',
  ],
});

sensorContract('exec', {
  good: async () => ({ address: 'exec:echo "temp=21.50\'C"' }),
  value: '21.50',
  name: 'exec',
  junk: async () => ({ address: 'exec:echo ERR' }),
  gone: async () => ({ address: 'exec:exit 3' }),
  giving: async (json) => ({ address: `exec:echo '${json}'` }),
  hanging: { 'in the command': async () => ({ address: 'exec:echo 21.5; sleep 300' }) },
  malformed: ['exec:', 'exec: '],
});

sensorContract('replay', {
  good: () => recording('2026-11-21T10:00:00Z,attic,21.50\n'),
  value: '21.50',
  name: 'attic',
  isRecording: true,
  junk: () => recording('ERR\n'),
  gone: async () => ({ address: 'replay:/nonexistent/log' }),
  malformed: ['replay:'],
});
