interface Level {
  readonly isArray: boolean;
  index: number;
  key?: string;
  readonly keys: Set<string>;
}

/** Where in a JSON text one is, and which keys the objects around it have so far. */
export class JsonPath {
  readonly #levels: Level[] = [];

  get depth(): number {
    return this.#levels.length;
  }

  get inArray(): boolean {
    return this.#levels.at(-1)?.isArray ?? false;
  }

  enter(isArray: boolean): void {
    this.#levels.push({ isArray, index: 0, keys: new Set() });
  }

  leave(): void {
    this.#levels.pop();
  }

  nextIndex(): void {
    const level = this.#levels.at(-1);
    if (level) level.index++;
  }

  /** Why the object may not have this key; undefined when it now has it. */
  addKey(key: string): 'duplicate-key' | 'forbidden-key' | undefined {
    const level = this.#levels.at(-1);
    if (!level) return undefined;
    level.key = key;
    if (key === '__proto__' || (key === 'prototype' && this.#levels.at(-2)?.key === 'constructor')) return 'forbidden-key';
    if (level.keys.has(key)) return 'duplicate-key';
    level.keys.add(key);
    return undefined;
  }

  /** A JSON Pointer, RFC 6901. */
  toString(): string {
    return this.#levels.map(({ isArray, index, key }) => (isArray ? `/${index}` : key === undefined ? '' : `/${escaped(key.slice(0, 60))}`)).join('');
  }
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
