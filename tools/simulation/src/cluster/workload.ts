import { ingestionCanvas } from '@millrace/pipeline';
import type { World } from '../world/world.js';
import type { Ingestion } from './ingestion.js';
import { domainNames } from './product.js';

/** Ingestions of all kinds: with and without a callback, with a large and a small budget, of one domain or of several. */
export function ingestionsOf(world: World, count: number): readonly Ingestion[] {
  return Array.from({ length: count }, (_, i) => {
    const key = `client-${i}`;
    return {
      key,
      ...(world.chance(0.85) ? { id: `ing_${i}` } : {}),
      canvas: ingestionCanvas(world.chance(0.3) ? null : chosenDomains(world)),
      payload: `id,secret\n${i},${key} ${Array.from({ length: 4 }, () => world.random.next().toString(36).slice(2)).join(' ')}\n`,
      ...(world.chance(0.85) ? { callbackUrl: `https://${key}.test/hook` } : {}),
      budgetMs: world.chance(0.3) ? 3_000 : 10_000,
    };
  });
}

function chosenDomains(world: World): readonly string[] {
  const chosen = domainNames.filter(() => world.chance(0.6));
  return chosen.length > 0 ? chosen : domainNames.slice(0, 1);
}
