/** All attacks, in the order of the table. */

import { faultAttacks } from './attacks-faults.js';

/** @type {readonly import('./lab.js').Attack[]} */
export const ATTACKS = [...faultAttacks];
