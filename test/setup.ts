/** Runs before each test file: makes generated input deterministic; FUZZ_FIRST sets another seed. */

import fc from 'fast-check';
import { FIRST_SEED } from './thorough.ts';

fc.configureGlobal({ seed: FIRST_SEED });
