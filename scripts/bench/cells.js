/** Table cells. @import { Result } from './types.d.ts' */

/** The cells of the COSTS columns; '-' for what was not measured. @param {Result} result */
export function costsOf({ seconds, fastest, slowest, cpu, peak }) {
  return [
    seconds.toFixed(2),
    `${fastest.toFixed(2)} to ${slowest.toFixed(2)}`,
    Number.isNaN(cpu) ? '-' : cpu.toFixed(2),
    Number.isNaN(peak) ? '-' : peak.toFixed(0),
  ];
}

export const COSTS = ['seconds', 'fastest to slowest', 'CPU s', 'peak MB'];
