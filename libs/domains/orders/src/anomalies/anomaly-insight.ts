import { placeOf } from '@millrace/domain';
import type { OrderDataset } from '../dataset/order-dataset.js';
import { pricesPerUnit } from '../money.js';
import { probability } from '../numbers.js';
import { formatMinute } from '../shop-time.js';
import { shortText } from '../short-text.js';
import type { LinePeers } from './features.js';
import { anomalyThreshold } from './model.js';
import { reasonsFor } from './reasons.js';

const listed = 10;

/** An invoice is as suspicious as its most suspicious line. `scores` holds the log-odds of each line. */
export function anomalyInsight(dataset: OrderDataset, peers: LinePeers, scores: Float32Array) {
  const worst = worstLines(dataset.lines.invoice, scores);
  const scoreOf = (line: number): number => scores[line] ?? -Infinity;
  const flagged = worst.filter((line) => scoreOf(line) > anomalyThreshold).toSorted((a, b) => scoreOf(b) - scoreOf(a) || a - b);
  return {
    invoicesScored: worst.length,
    linesScored: scores.length,
    threshold: probability(anomalyThreshold),
    flagged: flagged.length,
    anomalies: flagged.slice(0, listed).map((line) => ({ score: probability(scoreOf(line)), ...describe(dataset, peers, line) })),
  };
}

/** For each invoice the line with the highest score, the first of equal ones. */
function worstLines(invoices: readonly number[], scores: Float32Array): number[] {
  const worst: number[] = [];
  for (const [line, invoice] of invoices.entries()) {
    const before = worst[invoice];
    if (before === undefined || (scores[line] ?? 0) > (scores[before] ?? 0)) worst[invoice] = line;
  }
  return worst;
}

function describe({ files, invoices, products, lines }: OrderDataset, peers: LinePeers, line: number) {
  const [invoice = 0, product = 0, quantity = 0, price = 0] = [lines.invoice[line], lines.product[line], lines.quantity[line], lines.price[line]];
  const judged = { quantity, price, usualQuantity: peers.quantities.usual(line), usualPrice: peers.prices.usual(line), features: peers.featuresOf(line) };
  return {
    invoice: shortText(invoices.number[invoice] ?? ''),
    date: formatMinute(invoices.minute[invoice] ?? 0),
    ...placeOf(files, lines.row[line] ?? 0),
    product: shortText(products.code[product] ?? ''),
    description: shortText(products.description[product] ?? ''),
    quantity,
    price: price / pricesPerUnit,
    reasons: reasonsFor(judged),
  };
}
