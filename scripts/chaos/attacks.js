/** All attacks, in the order of the table. */

import { clientAttacks } from './attacks-clients.js';
import { clockAttacks } from './attacks-clock.js';
import { crowdAttacks } from './attacks-crowds.js';
import { faultAttacks } from './attacks-faults.js';
import { neighbourAttacks } from './attacks-neighbours.js';
import { replacementAttacks } from './attacks-replacement.js';
import { serverAttacks } from './attacks-servers.js';
import { spaceAttacks } from './attacks-space.js';

/** @type {readonly import('./lab.js').Attack[]} */
export const ATTACKS = [
  ...faultAttacks,
  ...spaceAttacks,
  ...neighbourAttacks,
  ...crowdAttacks,
  ...replacementAttacks,
  ...clockAttacks,
  ...serverAttacks,
  ...clientAttacks,
];
