import type * as danfojs from 'danfojs-node';

export type Danfo = typeof danfojs;

/** Danfo.js, loaded when it is first asked for: it takes a tenth of a second and some 25 MB. It reads nothing remote, and no spreadsheets. */
export async function loadDanfo(): Promise<Danfo> {
  // its exports are not seen as names by the loader, as it is no module
  const { default: whole } = (await import('danfojs-node')) as unknown as { readonly default: Danfo };
  const { readCSV, streamCSV, readJSON, streamJSON } = whole;
  const local = { readCSV: localOnly(readCSV), streamCSV: localOnly(streamCSV), readJSON: localOnly(readJSON), streamJSON: localOnly(streamJSON) };
  return { ...whole, ...local, readExcel: noSpreadsheets, toExcel: noSpreadsheets };
}

type Reader<Rest extends readonly unknown[], Result> = (path: string, ...rest: Rest) => Promise<Result>;

const localOnly =
  <Rest extends readonly unknown[], Result>(read: Reader<Rest, Result>): Reader<Rest, Result> =>
  async (path, ...rest) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(path)) throw new Error('remote reads are off: fetch the data where it can be checked, and make a DataFrame of it');
    return read(path, ...rest);
  };

const noSpreadsheets = (): never => {
  throw new Error('spreadsheets are off: save the sheet as CSV');
};
