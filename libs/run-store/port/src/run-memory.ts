const mostRuns = 128;

interface Parsed {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Parses the fields of a record, or gives what the same field of the same run came to before, as long as its text is the
 * same. A record is read at every step of its run, and most of it stays as it was. Values are shared, so they are frozen
 * through and through.
 */
export class RunMemory {
  readonly #runs = new Map<string, Map<string, Parsed>>();

  /** What is known of a run; `head` is the text of its first field, which names it and never changes. */
  of(head: string): (field: string, text: string) => unknown {
    const known = this.#runs.get(head) ?? this.#begin(head);
    return (field, text) => {
      const before = known.get(field);
      if (before?.text === text) return before.value;
      const value = deepFreeze(JSON.parse(text));
      known.set(field, { text, value });
      return value;
    };
  }

  #begin(head: string): Map<string, Parsed> {
    const known = new Map<string, Parsed>();
    this.#runs.set(head, known);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > mostRuns && oldest !== undefined) this.#runs.delete(oldest);
    return known;
  }
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
