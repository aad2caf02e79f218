import { placeOf } from '@millrace/domain';
import type { OrderDataset } from '../dataset/order-dataset.js';
import { amountOf, pricesPerUnit } from '../money.js';
import { at, probability, rounded } from '../numbers.js';
import { exportDays, valueOf } from '../purchases.js';
import { dayOf, formatDay } from '../shop-time.js';
import { shortText } from '../short-text.js';
import type { Purchase } from './features.js';
import { returnDays, returnThreshold } from './model.js';
import { returnedLines } from './returned-lines.js';

interface Scored extends Purchase {
  readonly score: number;
  readonly risk: number;
}

const listed = 10;

/** The purchases of the last 30 days of the export that it does not show as returned. */
export function openPurchases(dataset: OrderDataset, purchases: readonly Purchase[]) {
  const returned = returnedLines(dataset);
  const { last } = exportDays(dataset);
  const inWindow = ({ invoice }: Purchase): boolean => last - dayOf(at(dataset.invoices.minute, invoice)) < returnDays;
  return { returned: returned.size, open: purchases.filter((purchase) => !returned.has(purchase.line) && inWindow(purchase)) };
}

/** What may come back, and how much of it. `scores` holds the log-odds of each open purchase. */
export function returnsInsight(dataset: OrderDataset, { returned, open }: ReturnType<typeof openPurchases>, scores: Float32Array) {
  const scored = open.map((purchase, index): Scored => ({ ...purchase, score: at(scores, index), risk: probability(at(scores, index)) }));
  const flagged = scored.filter(({ score }) => score > returnThreshold).toSorted((a, b) => b.score - a.score || a.line - b.line);
  return {
    asOf: formatDay(exportDays(dataset).last),
    withinDays: returnDays,
    returned,
    purchases: scored.length,
    expectedReturns: rounded(sum(scored, ({ risk }) => risk), 1),
    valueAtRisk: amountOf(BigInt(Math.round(sum(scored, (purchase) => purchase.risk * valueOf(purchase))))),
    threshold: probability(returnThreshold),
    flagged: flagged.length,
    lines: flagged.slice(0, listed).map((purchase) => describe(dataset, purchase)),
  };
}

function describe({ files, invoices, products, lines }: OrderDataset, { line, invoice, product, quantity, price, risk }: Scored) {
  return {
    risk,
    invoice: shortText(invoices.number[invoice] ?? ''),
    date: formatDay(dayOf(at(invoices.minute, invoice))),
    ...placeOf(files, at(lines.row, line)),
    product: shortText(products.code[product] ?? ''),
    description: shortText(products.description[product] ?? ''),
    quantity,
    price: price / pricesPerUnit,
  };
}

const sum = (purchases: readonly Scored[], value: (purchase: Scored) => number): number => purchases.reduce((total, purchase) => total + value(purchase), 0);
