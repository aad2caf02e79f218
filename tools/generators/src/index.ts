export { type CatalogFile, catalogFiles, writeCatalog } from './catalog-files.js';
export { type DomainNames, domainNames } from './domain-names.js';
export { newDomain } from './new-domain.js';
