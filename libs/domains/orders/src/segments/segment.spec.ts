import { describe, expect, it } from 'vitest';
import { segmentOf } from './segment.js';

describe('segmentOf', () => {
  it.each([
    ['555', 9, 'champions'],
    ['444', 3, 'champions'],
    ['553', 5, 'loyal'],
    ['355', 5, 'loyal'],
    ['415', 1, 'new'],
    ['511', 1, 'new'],
    ['533', 2, 'promising'],
    ['311', 1, 'promising'],
    ['255', 6, 'cannot lose'],
    ['145', 4, 'cannot lose'],
    ['115', 1, 'at risk'],
    ['244', 3, 'at risk'],
    ['114', 1, 'hibernating'],
    ['222', 2, 'hibernating'],
  ])('%s after %i orders is %s', (digits, orders, segment) => {
    const [recency, frequency, monetary] = Array.from(digits, Number) as [number, number, number];
    expect(segmentOf({ recency, frequency, monetary }, orders)).toBe(segment);
  });
});
