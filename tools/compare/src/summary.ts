/** What was measured, by name. */
export type Figures = Readonly<Record<string, number>>;

/** One system under one load in one round. */
export interface Sample {
  readonly round: number;
  readonly system: string;
  readonly load: string;
  readonly figures: Figures;
}

/** How many times the figure of the reference a system's figure is, over the rounds. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface LoadSummary {
  readonly load: string;
  /** By system. */
  readonly medians: Readonly<Record<string, Figures>>;
  /** By system other than the reference, then by figure; a figure that the reference has at 0 has none. */
  readonly ratios: Readonly<Record<string, Readonly<Record<string, Ratio>>>>;
}

/** One summary for each load, in the order of the samples. */
export function summaryOf(samples: readonly Sample[], reference: string): LoadSummary[] {
  return distinct(samples.map(({ load }) => load)).map((load) => {
    const ofLoad = samples.filter((sample) => sample.load === load);
    const systems = distinct(ofLoad.map(({ system }) => system));
    const others = systems.filter((system) => system !== reference);
    return {
      load,
      medians: Object.fromEntries(systems.map((system) => [system, mediansOf(ofLoad, system)])),
      ratios: Object.fromEntries(others.map((system) => [system, ratiosOf(ofLoad, system, reference)])),
    };
  });
}

/** Of an even number of values, the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? upper;
  return (lower + upper) / 2;
}

function mediansOf(samples: readonly Sample[], system: string): Figures {
  const all = samples.filter((sample) => sample.system === system).map(({ figures }) => figures);
  const names = distinct(all.flatMap(Object.keys));
  return Object.fromEntries(names.map((name) => [name, median(all.flatMap((figures) => figures[name] ?? []))]));
}

/** Round by round, so that what slows the machine down for a while slows both sides down. */
function ratiosOf(samples: readonly Sample[], system: string, reference: string): Record<string, Ratio> {
  const at = (name: string, round: number) => samples.find((sample) => sample.system === name && sample.round === round)?.figures ?? {};
  const rounds = distinct(samples.map(({ round }) => round));
  const names = distinct(rounds.flatMap((round) => Object.keys(at(system, round))));
  const entries = names.flatMap((name) => {
    const ratios = rounds.flatMap((round) => quotient(at(system, round)[name], at(reference, round)[name]));
    return ratios.length === 0 ? [] : [[name, { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }] as const];
  });
  return Object.fromEntries(entries);
}

const quotient = (over: number | undefined, under: number | undefined): number[] => (over === undefined || !under ? [] : [over / under]);

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
