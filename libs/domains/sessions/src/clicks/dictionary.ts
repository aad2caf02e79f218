/** Gives each name the position of its first appearance. */
export class Dictionary {
  readonly names: string[] = [];
  readonly #positions = new Map<string, number>();

  positionOf(name: string): number {
    const known = this.#positions.get(name);
    if (known !== undefined) return known;
    this.#positions.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}
