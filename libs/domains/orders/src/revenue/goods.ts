/** Codes of goods have three digits in a row; those of services (postage, fees, manual corrections) have not, and vouchers are told by their beginning. */
export const isGoods = (code: string): boolean => /^(?!gift_|DCGS).*\d{3}/i.test(code);
