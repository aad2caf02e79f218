import { openapi } from './openapi.js';
import { type Answer, type Operation, operations } from './operations.js';
import type { JsonSchema } from './schemas.js';

/** The reference as one page that needs neither scripts nor anything from elsewhere. */
export function page(): string {
  const { info, components } = openapi() as { readonly info: { readonly title: string; readonly summary: string; readonly description: string }; readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> } };
  const schemas = Object.entries(components.schemas);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(info.title)} API</title><style>${style}</style></head>
<body><nav><strong>${escape(info.title)}</strong>${operations.map(({ id, method, path }) => `<a href="#${id}"><b class="${method}">${method}</b> ${escape(path)}</a>`).join('')}
<strong>Schemas</strong>${schemas.map(([name]) => `<a href="#${name}">${name}</a>`).join('')}</nav>
<main><h1>${escape(info.title)} API</h1><p>${prose(info.summary)}. ${prose(info.description)}</p>
<p><a href="/v1/openapi.json">OpenAPI 3.1</a> · <a href="/v1/asyncapi.json">AsyncAPI 3 of the callbacks</a></p>
${operations.map(operation).join('\n')}<h2>Schemas</h2>${schemas.map(([name, schema]) => `<section id="${name}"><h3>${name}</h3>${shape(schema)}</section>`).join('\n')}</main></body></html>`;
}

function operation({ id, method, path, summary, description, parameters = [], requestBody, answers, problems }: Operation): string {
  return `<section id="${id}"><h2><b class="${method}">${method}</b> ${escape(path)}</h2><p><strong>${prose(summary)}</strong></p>${description === undefined ? '' : `<p>${prose(description)}</p>`}
${parameters.length === 0 ? '' : `<h4>Parameters</h4><table>${parameters.map(parameter).join('')}</table>`}
${requestBody ? `<h4>Body</h4><p>${Object.keys(requestBody['content'] as object).map((type) => `<code>${escape(type)}</code>`).join(' ')}</p>` : ''}
<h4>Answers</h4><table>${answers.map(answer).join('')}${problems.length === 0 ? '' : row(problems.join(', '), 'a <a href="#Problem">Problem</a>')}</table></section>`;
}

const parameter = ({ name, in: place, description, schema, content }: JsonSchema): string =>
  row(`<code>${escape(String(name))}</code> <small>${String(place)}</small>`, `${type((schema ?? (content as Record<string, { schema: JsonSchema }>)['application/json']?.schema ?? {}) as JsonSchema)} ${prose(String(description ?? ''))}`);

const answer = ({ status, description, contentType, schema, headers = {} }: Answer): string =>
  row(`${status}`, `${prose(description)}: ${schema ? `<a href="#${schema}">${schema}</a>` : ''} <code>${escape(contentType)}</code>${Object.entries(headers).map(([name, text]) => `<br><code>${escape(name)}</code> ${prose(text)}`).join('')}`);

/** A schema as a table of its properties, or in a word. */
function shape(schema: JsonSchema): string {
  const { properties, required = [], description } = schema as { readonly properties?: Readonly<Record<string, JsonSchema>>; readonly required?: readonly string[]; readonly description?: string };
  const lead = description === undefined ? '' : `<p>${prose(description)}</p>`;
  if (!properties) return `${lead}<p>${type(schema)}</p>`;
  const rows = Object.entries(properties).map(([name, property]) => {
    const inner = property['properties'] ?? (property['items'] as JsonSchema | undefined)?.['properties'] ? shape((property['items'] ?? property) as JsonSchema) : '';
    return row(`<code>${escape(name)}</code>${required.includes(name) ? '' : ' <small>optional</small>'}`, `${type(property)} ${prose(String(property['description'] ?? ''))}${inner}`);
  });
  return `${lead}<table>${rows.join('')}</table>`;
}

/** What kind of value a schema describes, with its limits. */
function type(schema: JsonSchema): string {
  const { $ref, enum: values, const: only, type: kind, anyOf, oneOf, items, minimum, maximum, maxLength, format } = schema as Record<string, unknown>;
  if (typeof $ref === 'string') return link($ref);
  if (only !== undefined) return `<code>${escape(JSON.stringify(only))}</code>`;
  if (Array.isArray(values)) return values.map((value) => `<code>${escape(String(value))}</code>`).join(' | ');
  const choices = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (choices) return choices.map((choice) => type(choice) || shape(choice)).join(' | ');
  if (kind === 'array') return `array of ${type((items ?? {}) as JsonSchema)}`;
  const limits = [minimum === undefined ? '' : `from ${String(minimum)}`, maximum === undefined ? '' : `to ${String(maximum)}`, maxLength === undefined ? '' : `at most ${String(maxLength)} characters`];
  return `<i>${escape([String(kind ?? 'anything'), String(format ?? ''), ...limits].filter(Boolean).join(' '))}</i>`;
}

const link = (reference: string): string => {
  const name = escape(reference.split('/').at(-1) ?? '');
  return `<a href="#${name}">${name}</a>`;
};

const row = (left: string, right: string): string => `<tr><td>${left}</td><td>${right}</td></tr>`;

/** Text with its `code` marked up. */
const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `
:root{color-scheme:light dark;--line:#8884;--dim:#888}
body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:20rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;box-sizing:border-box;padding:1.5rem 1rem;border-right:1px solid var(--line);font-size:.85rem}
nav a,nav strong{display:block;color:inherit;text-decoration:none;padding:.15rem 0;overflow-wrap:anywhere}nav a:hover{text-decoration:underline}nav strong{margin-top:1rem}
main{padding:1.5rem 2rem;max-width:60rem}section{border-top:1px solid var(--line);padding:1rem 0}h2,h3{overflow-wrap:anywhere}h2 b,nav b{font-size:.7em;padding:.1em .4em;border-radius:.3em;color:#fff;background:#2563a8}
b.PUT{background:#8a5a00!important}b.POST{background:#23803a!important}b.DELETE{background:#b03030!important}
table{border-collapse:collapse;width:100%;font-size:.9rem}td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;vertical-align:top}td:first-child{width:14rem;overflow-wrap:anywhere}
td table td:first-child{width:9rem}code{font-family:ui-monospace,monospace;font-size:.9em;background:#8882;padding:0 .25em;border-radius:.25em}small{color:var(--dim)}
@media(max-width:50rem){body{display:block}nav{position:static;height:auto;border:0}main{padding:1rem}td:first-child{width:8rem}}`;
