import { parseDecimal, parseWhole } from '../numbers.js';

/** How a cell becomes a number; undefined when it cannot. */
type Parse = (text: string) => number | undefined;

interface Column {
  readonly parse: Parse;
  /** Why a row is rejected when its cell cannot be read. */
  readonly fault: string;
}

const pages: Column = { parse: (text) => parseWhole(text, 0, 1_000_000), fault: 'bad-pages' };
const seconds: Column = { parse: (text) => parseDecimal(text, 1_000_000_000), fault: 'bad-duration' };
const rate: Column = { parse: (text) => parseDecimal(text, 1), fault: 'bad-rate' };
const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const flags = new Map([['1', 1], ['true', 1], ['0', 0], ['false', 0]]);

/** Codes of VisitorType. */
export const visitors = { Other: 0, New_Visitor: 1, Returning_Visitor: 2 } as const;
const visitorCodes: ReadonlyMap<string, number> = new Map(Object.entries(visitors));

/** 1 to 12 for a month's English name or its first letters, at least three: `Jun`, `June`, `Sept`. */
export function parseMonth(text: string): number | undefined {
  const name = text.toLowerCase();
  const month = months.findIndex((each) => name.length >= 3 && each.startsWith(name));
  return month < 0 ? undefined : month + 1;
}

const parseFlag: Parse = (text) => flags.get(text.toLowerCase());

/** The columns without which rows are no session summaries. Seconds and page counts are of the whole session. */
export const requiredColumns = {
  Administrative: pages,
  Administrative_Duration: seconds,
  Informational: pages,
  Informational_Duration: seconds,
  ProductRelated: pages,
  ProductRelated_Duration: seconds,
  BounceRates: rate,
  ExitRates: rate,
} satisfies Record<string, Column>;

/** Columns that an export may lack as a whole. */
export const optionalColumns = {
  SpecialDay: { parse: (text) => parseDecimal(text, 1), fault: 'bad-special-day' },
  Month: { parse: parseMonth, fault: 'bad-month' },
  VisitorType: { parse: (text) => visitorCodes.get(text), fault: 'bad-visitor-type' },
  Weekend: { parse: parseFlag, fault: 'bad-weekend' },
  PageValues: { parse: (text) => parseDecimal(text, 1_000_000_000), fault: 'bad-page-value' },
  Revenue: { parse: parseFlag, fault: 'bad-revenue' },
} satisfies Record<string, Column>;

export const summaryColumns = { ...requiredColumns, ...optionalColumns };

export type RequiredColumn = keyof typeof requiredColumns;
export type SummaryColumn = keyof typeof summaryColumns;

const keys = <Name extends string>(columns: Readonly<Record<Name, Column>>): readonly Name[] => Object.keys(columns) as Name[];

export const requiredNames = keys(requiredColumns);
export const optionalNames = keys(optionalColumns);
