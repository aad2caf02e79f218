/** A domain's name in each form that the templates need. */
export interface DomainNames {
  /** `web-shop`. */
  readonly name: string;
  /** `webShop`. */
  readonly camel: string;
  /** `web_shop`. */
  readonly snake: string;
  /** `WEB_SHOP`. */
  readonly UPPER: string;
  /** `web shop`. */
  readonly title: string;
  /** `Web shop`. */
  readonly Title: string;
}

/** Folders of libs/domains that are no domains of the product. */
export const notDomains: ReadonlySet<string> = new Set(['bench', 'catalog']);

/** Throws RangeError for what cannot name a domain. */
export function domainNames(name: string): DomainNames {
  if (!/^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/.test(name) || name.length > 32 || notDomains.has(name)) {
    throw new RangeError(`${JSON.stringify(name)} cannot name a domain; take lower-case words with dashes between them, such as churn or web-shop`);
  }
  const title = name.replaceAll('-', ' ');
  const snake = name.replaceAll('-', '_');
  return {
    name,
    camel: name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    snake,
    UPPER: snake.toUpperCase(),
    title,
    Title: title.charAt(0).toUpperCase() + title.slice(1),
  };
}
