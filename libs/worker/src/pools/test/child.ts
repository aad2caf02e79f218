import { serveTries } from '../serve-tries.js';
import { testParts } from './parts.js';

/** A child of a pool under test; told the folder of its store. */
serveTries(async (setup) => {
  if (setup === 'unfit') throw new Error('this child was told not to start');
  if (setup === 'exit') process.exit(7);
  return testParts(String(setup));
});
