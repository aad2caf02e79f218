// What DataFrames are used for, on made-up rows: the same operations under the full danfojs-node and under the one of this workspace.

const rows = Array.from({ length: 200 }, (_, i) => ({
  id: `c${i % 37}`,
  group: ['north', 'south', 'east'][(i * 7) % 3],
  amount: Math.round(Math.sin(i) * 10_000) / 100,
  count: (i * 13) % 11,
}));
const gaps = rows.slice(0, 40).map((row, i) => ({ ...row, amount: i % 5 === 0 ? NaN : row.amount }));

/** Name → plain JSON. */
export function golden(dfd) {
  const df = new dfd.DataFrame(rows);
  const json = (frame) => dfd.toJSON(frame, { format: 'row' });
  const grouped = df.groupby(['group']);
  const encoder = new dfd.LabelEncoder();
  encoder.fit(df['group']);
  return {
    dtypes: df.ctypes.values,
    head: json(df.head(5)),
    describe: json(df.loc({ columns: ['amount', 'count'] }).describe()),
    mean: json(grouped.col(['amount', 'count']).mean()),
    std: json(grouped.col(['amount', 'count']).std()),
    variance: json(grouped.col(['amount']).var()),
    max: json(grouped.col(['amount', 'count']).max()),
    sum: json(grouped.col(['amount', 'count']).sum()),
    median: df['amount'].median(),
    mode: df['count'].mode(),
    seriesStd: df['amount'].std(),
    fillNa: json(new dfd.DataFrame(gaps).fillNa([0], { columns: ['amount'] }).head(12)),
    dropNa: new dfd.DataFrame(gaps).dropNa({ axis: 1 }).shape,
    query: json(df.query(df['amount'].gt(50).and(df['count'].lt(4)))),
    sorted: json(df.sortValues('amount', { ascending: false }).head(7)),
    merged: json(dfd.merge({ left: df.head(6), right: new dfd.DataFrame([{ group: 'north', head: 'Ada' }, { group: 'east', head: 'Bo' }]), on: ['group'], how: 'left' })),
    concat: dfd.concat({ dfList: [df.head(2), df.tail(2)], axis: 0 }).shape,
    dummies: json(dfd.getDummies(df.loc({ columns: ['group'] }).head(4))),
    encoded: encoder.transform(df['group'].head(9)).values,
    unique: df['id'].unique().values.length,
    counts: df['group'].valueCounts().values,
    seriesArithmetic: df['amount'].mul(2).add(df['count']).head(6).values,
    applied: df['amount'].apply((amount) => Math.trunc(amount)).head(6).values,
    csv: dfd.toCSV(df.head(3)),
  };
}
