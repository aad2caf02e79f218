/** Numbers; where `missing` is 1 there is none. */
export interface NumberColumn {
  readonly kind: 'float64' | 'float32' | 'int32';
  readonly values: Float64Array | Float32Array | Int32Array;
  readonly missing?: Uint8Array;
}

/** Text, each different one once: `codes` are positions in `names`, −1 where there is none. */
export interface TextColumn {
  readonly kind: 'text';
  readonly codes: Int32Array;
  readonly names: readonly string[];
}

export type Column = NumberColumn | TextColumn;

export const lengthOf = (column: Column): number => (column.kind === 'text' ? column.codes.length : column.values.length);
