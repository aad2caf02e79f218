import type { Column, NumberColumn } from './column.js';
import { Frame } from './frame.js';

/** What a column is to hold. */
export type ColumnKinds = Readonly<Record<string, Column['kind']>>;

/** A row for these columns; null where there is nothing. */
export type RowOf<Kinds extends ColumnKinds> = { readonly [Name in keyof Kinds]: (Kinds[Name] extends 'text' ? string : number) | null };

/** Makes a frame row by row. */
export class FrameBuilder<const Kinds extends ColumnKinds> {
  readonly #columns: ReadonlyArray<readonly [name: string, growing: GrowingNumbers | GrowingText]>;

  constructor(kinds: Kinds) {
    this.#columns = Object.entries(kinds).map(([name, kind]) => [name, kind === 'text' ? new GrowingText() : new GrowingNumbers(kind)] as const);
  }

  add(row: RowOf<Kinds>): void {
    for (const [name, growing] of this.#columns) growing.add(row[name] as never);
  }

  build(): Frame {
    return new Frame(this.#columns.map(([name, growing]) => [name, growing.build()] as const));
  }
}

const arrays = { float64: Float64Array, float32: Float32Array, int32: Int32Array } as const;

class GrowingNumbers {
  #values: NumberColumn['values'];
  #missing: Uint8Array | undefined;
  #length = 0;

  constructor(private readonly kind: NumberColumn['kind']) {
    this.#values = new arrays[kind](64);
  }

  add(value: number | null): void {
    if (this.#length === this.#values.length) this.#grow();
    if (value === null) (this.#missing ??= new Uint8Array(this.#values.length))[this.#length] = 1;
    else this.#values[this.#length] = value;
    this.#length += 1;
  }

  build(): Column {
    const missing = this.#missing?.slice(0, this.#length);
    return { kind: this.kind, values: this.#values.slice(0, this.#length), ...(missing && { missing }) };
  }

  #grow(): void {
    const values = new arrays[this.kind](this.#length * 2);
    values.set(this.#values);
    this.#values = values;
    if (!this.#missing) return;
    const missing = new Uint8Array(this.#length * 2);
    missing.set(this.#missing);
    this.#missing = missing;
  }
}

class GrowingText {
  readonly #codes = new GrowingNumbers('int32');
  readonly #names: string[] = [];
  readonly #positions = new Map<string, number>();

  add(value: string | null): void {
    this.#codes.add(value === null ? -1 : this.#positionOf(value));
  }

  build(): Column {
    const { values } = this.#codes.build() as NumberColumn & { values: Int32Array };
    return { kind: 'text', codes: values, names: this.#names };
  }

  #positionOf(name: string): number {
    const known = this.#positions.get(name);
    if (known !== undefined) return known;
    this.#positions.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
