const mostKept = 400;
const longestKept = 8_192;
let kept = new Map<string, unknown>();

/**
 * Parses JSON, or gives what the same text came to before. A run's record is read at every one of its steps, and most of
 * it stays the same in between. The value is shared, so it is frozen through and through.
 */
export function parseOnce(text: string): unknown {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const value = deepFreeze(JSON.parse(text));
  if (text.length > longestKept) return value;
  if (kept.size >= mostKept) kept = new Map();
  kept.set(text, value);
  return value;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
