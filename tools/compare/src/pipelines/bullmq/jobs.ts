/** The data of the eleven jobs, by name. */
export interface Ingestion {
  readonly id: string;
  readonly url: string;
}

export interface Payload {
  readonly rows: ReadonlyArray<{ readonly category: string; readonly value: number }>;
}

/** orch */
export interface Orchestrate extends Ingestion {
  readonly payload: Payload;
}

/** tasks; its value is a `Dataset`. */
export interface MakeDataset {
  readonly name: string;
  readonly payload: Payload;
}

export interface Dataset {
  readonly name: string;
  readonly totals: Readonly<Record<string, number>>;
  readonly report: { readonly rows: number; readonly categories: number };
}

/** tasks; its value is an `Insight`. */
export interface Analyse {
  readonly name: string;
  readonly measure: string;
  readonly totals: Readonly<Record<string, number>>;
}

export interface Insight {
  readonly name: string;
  readonly insight: Readonly<Record<string, number>>;
}

/** orch; its children are the analyses. */
export interface Callback extends Ingestion {
  readonly reports: Readonly<Record<string, Dataset['report']>>;
}
