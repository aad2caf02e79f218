type Sums = Readonly<Record<string, number>>;

/** What tools/models/orders-segments/train.py writes. Rows: customer, features, distances; of the sample only. */
export interface ExpectedClusters {
  readonly customers: number;
  readonly byCluster: readonly number[];
  readonly silhouette: number;
  readonly featureSums: Sums;
  readonly distanceSums: readonly number[];
  readonly rows?: ReadonlyArray<readonly [string, ...number[]]>;
}

/** What tools/models/orders-repurchase/train.py writes. Rows: customer, features, score; of the sample only. */
export interface ExpectedRepurchase {
  readonly customers: number;
  readonly scoreSum: number;
  readonly featureSums: Sums;
  readonly rows?: ReadonlyArray<readonly [string, ...number[]]>;
}

/** What tools/models/orders-returns/train.py writes. Rows: row of the export, features, score; of the sample only. */
export interface ExpectedReturns {
  readonly purchases: number;
  readonly returned: number;
  readonly scoreSum: number;
  readonly featureSums: Sums;
  readonly returnedRows?: readonly number[];
  readonly rows?: ReadonlyArray<readonly [number, ...number[]]>;
}

/** What tools/models/orders-revenue/train.py writes. Amounts in currency units; score and forecast are low, expected, high. */
export interface ExpectedRevenue {
  readonly lastDay: number;
  readonly weeks: number;
  readonly last7Days: number;
  readonly level: number;
  readonly features: Sums;
  readonly shares: readonly number[];
  readonly score: readonly number[];
  readonly forecast: readonly number[];
}
