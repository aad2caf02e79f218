import { randomFillSync } from 'node:crypto';

/** The only source of randomness outside adapters. */
export interface Random {
  /** A number in [0, 1). Not for secrets. */
  next(): number;
  /** `size` bytes fit for secrets and ids. */
  bytes(size: number): Uint8Array;
}

export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (size) => randomFillSync(new Uint8Array(size)),
};

/** Reproducible randomness from a 32-bit seed (mulberry32). For tests and simulations, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, bytes: (size) => Uint8Array.from({ length: size }, () => Math.floor(next() * 256)) };
}
