// Writes samples/orders.csv: four weeks of an invented shop, with the mess that real exports have.
//
//   node tools/samples/make-orders.mjs
//
// The same bytes each time. Every name, number and price is made up.

import { writeFileSync } from 'node:fs';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Code, description, price, the quantity most people take. */
const products = [
  ['K1001', 'ENAMEL MUG BLUE', '6.50', 2],
  ['K1002', 'ENAMEL MUG WHITE', '6.50', 2],
  ['K1014', 'OAK CHOPPING BOARD', '24.90', 1],
  ['K1020', 'LINEN TEA TOWEL', '4.75', 4],
  ['K1021', 'LINEN NAPKIN SET, 4 PIECES', '15.80', 1],
  ['K1033', 'CAST IRON PAN 26 CM', '39.00', 1],
  ['K1034', 'WOODEN SPOON', '2.20', 6],
  ['K1040', 'PRESERVING JAR 0.5 L', '1.95', 12],
  ['K1041', 'PRESERVING JAR 1 L', '2.45', 12],
  ['K1042', 'RUBBER RINGS FOR JARS', '0.85', 12],
  ['K1050', 'TEAPOT "MEADOW"', '27.50', 1],
  ['K1051', 'TEA CUP "MEADOW"', '8.40', 4],
  ['G2001', 'TERRACOTTA POT 14 CM', '3.60', 6],
  ['G2002', 'TERRACOTTA POT 20 CM', '5.90', 3],
  ['G2003', 'SAUCER FOR POT', '1.40', 6],
  ['G2010', 'HERB SEEDS MIXED', '2.95', 3],
  ['G2011', 'WILDFLOWER SEEDS', '2.95', 3],
  ['G2020', 'HAND TROWEL', '9.25', 1],
  ['G2021', 'GARDEN TWINE 50 M', '3.10', 2],
  ['G2030', 'WATERING CAN 5 L', '18.60', 1],
  ['H3001', 'BEESWAX CANDLE', '5.25', 4],
  ['H3002', 'CANDLE HOLDER BRASS', '12.75', 2],
  ['H3010', 'WOOL BLANKET GREY', '64.00', 1],
  ['H3020', 'WICKER BASKET SMALL', '14.20', 1],
  ['POST', 'POSTAGE', '4.90', 1],
];

const countries = ['United Kingdom', 'United Kingdom', 'United Kingdom', 'Ireland', 'France'];

/** mulberry32 */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomFrom(20260302);
const below = (count) => Math.floor(random() * count);
const pick = (list) => list[below(list.length)];
const two = (number) => String(number).padStart(2, '0');
const quoted = (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const textOf = (line) => [line.invoice, line.code, quoted(line.description), line.quantity, line.date, line.price, line.customer, line.country].join(',');

const customers = Array.from({ length: 34 }, (_, index) => ({
  id: String(4100 + index * 3),
  country: pick(countries),
  trade: index % 6 === 0,
  keenness: index < 8 ? 4 : 1,
}));
const visitors = customers.flatMap((customer) => Array.from({ length: customer.keenness }, () => customer));

/** Monday to Friday, in four weeks from 2 March 2026. */
function dateOf(visit, visits) {
  const day = Math.floor((visit / visits) * 20);
  return `2026-03-${two(2 + day + 2 * Math.floor(day / 5))} ${two(8 + Math.floor((((visit / visits) * 20) % 1) * 9))}:${two(below(60))}`;
}

function invoiceOf(visit, visits) {
  const buyer = random() < 0.18 ? { id: '', country: 'United Kingdom', trade: false } : pick(visitors);
  const chosen = [...new Set(Array.from({ length: 2 + below(6) }, () => pick(products)))];
  const date = dateOf(visit, visits);
  return chosen.map(([code, description, price, usual]) => ({
    invoice: String(70210 + visit),
    code,
    description,
    quantity: buyer.trade ? usual * pick([4, 6, 12]) : Math.max(1, usual + below(3) - 1),
    date,
    price: price,
    customer: buyer.id,
    country: buyer.country,
  }));
}

const visits = 84;
const invoices = Array.from({ length: visits }, (_, visit) => invoiceOf(visit, visits));

/** Some days later part of an order comes back. */
function cancellationOf(invoice, number, date) {
  const line = invoice[0];
  return [{ ...line, invoice: `C${number}`, quantity: -Math.min(line.quantity, 2), date }];
}

const known = invoices.filter((invoice) => invoice[0].customer !== '');
const cancellations = [5, 17, 30, 41, 58].map((at, index) => cancellationOf(known[at], 70301 + index, `2026-03-27 ${two(9 + index)}:15`));
const lines = [...invoices, ...cancellations].flat();

/** The first line of a product from `from` on that anybody would call ordinary. */
const lineOf = (code, from) => lines.find((line, index) => index >= from && line.code === code && line.quantity > 0);

// Six errors, for the anomaly model to find.
lineOf('K1034', 60).quantity = 600;
lineOf('K1051', 110).price = '84.00';
lineOf('H3002', 160).price = '17.25';
const negative = lineOf('G2001', 220);
negative.quantity = -negative.quantity;
lineOf('K1040', 30).quantity = 120;
lineOf('K1042', 200).quantity = 21;

// What exports look like.
for (const at of [33, 150, 260]) lines[at].description = '';
for (const at of [90, 201]) lines[at].price = '0.00';
for (const at of [20, 75, 140, 205, 290]) lines.splice(at, 0, { ...lines[at] });

const rows = lines.map(textOf);
rows.splice(50, 0, '70222,K1001,ENAMEL MUG BLUE,two,2026-03-04 10:05,6.50,4106,United Kingdom');
rows.splice(130, 0, '70241,G2010,HERB SEEDS MIXED,3,2026-02-30 11:20,2.95,4121,Ireland');
rows.splice(180, 0, '70255,H3001,BEESWAX CANDLE,4');
rows.splice(240, 0, ',G2021,GARDEN TWINE 50 M,2,2026-03-20 14:41,3.10,,United Kingdom');

writeFileSync(new URL('../../samples/orders.csv', import.meta.url), `${[header, ...rows].join('\n')}\n`);
