/** Before the tests of each file: invented input is the same in each run; FUZZ_FIRST chooses another. */

import fc from 'fast-check';
import { FIRST_SEED } from './thorough.ts';

fc.configureGlobal({ seed: FIRST_SEED });
