/** The features that `featuresOf` gives for the rows from `from` to `to`, exclusively, in the order of `names`, row by row. */
export function matrixOf<Name extends string>(names: readonly Name[], from: number, to: number, featuresOf: (row: number) => Readonly<Record<Name, number>>): Float32Array {
  const matrix = new Float32Array((to - from) * names.length);
  for (let row = from; row < to; row++) {
    const features = featuresOf(row);
    for (const [column, name] of names.entries()) matrix[(row - from) * names.length + column] = features[name];
  }
  return matrix;
}
