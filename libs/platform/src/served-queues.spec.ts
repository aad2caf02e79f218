import { describe, expect, it } from 'vitest';
import { servedQueues } from './served-queues.js';

const own = ['datasets', 'analyses', 'callbacks'];

describe('the queues a worker serves', () => {
  it.each([
    [undefined, own],
    [['analyses'], ['analyses']],
    [['elsewhere'], ['elsewhere']],
    [['-analyses'], ['datasets', 'callbacks']],
    [['-analyses', '-callbacks'], ['datasets']],
  ])('with %j are %j', (named, served) => expect(servedQueues(own, named)).toEqual(served));

  it.each([
    [['datasets', '-analyses'], 'not both as in datasets,-analyses'],
    [['-analysis'], 'none of this service’s queues datasets, analyses, callbacks'],
    [['-datasets', '-analyses', '-callbacks'], 'leaves out every queue'],
  ])('cannot be %j', (named, message) => expect(() => servedQueues(own, named)).toThrow(message));
});
