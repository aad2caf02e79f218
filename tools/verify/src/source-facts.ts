import { type CallExpression, type MemberExpression, parseSync, type StringLiteral, Visitor } from 'oxc-parser';

/** One thing a source file does that a rule may be about. */
export interface Fact {
  readonly kind: 'import' | 'environment' | 'time';
  /** The module imported, or the expression as written. */
  readonly what: string;
  /** Counted from 1. */
  readonly line: number;
}

const timers = new Set(['setTimeout', 'setInterval']);
const clockMembers = new Set(['Date.now', 'Math.random', 'performance.now']);
const globalObject = /^globalThis\./;

/** What a TypeScript or JavaScript file imports, and where it reads time, randomness and the environment. Throws when it does not parse. */
export function factsOf(file: string, source: string): Fact[] {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const facts: Fact[] = [];
  const note = (kind: Fact['kind'], what: string, at: number) => facts.push({ kind, what, line: lineAt(source, at) });
  const imported = (from: StringLiteral | null) => from && note('import', from.value, from.start);
  new Visitor({
    ImportDeclaration: (node) => imported(node.source),
    ExportNamedDeclaration: (node) => imported(node.source),
    ExportAllDeclaration: (node) => imported(node.source),
    TSImportType: (node) => imported(node.source),
    TSExternalModuleReference: (node) => imported(node.expression),
    ImportExpression: ({ source: from }) => (from.type === 'Literal' && typeof from.value === 'string' ? note('import', from.value, from.start) : undefined),
    CallExpression: (node) => {
      const required = requiredBy(node);
      if (required !== undefined) note('import', required, node.start);
      const callee = nameOf(node.callee);
      if (timers.has(callee)) note('time', callee, node.start);
    },
    NewExpression: (node) => (nameOf(node.callee) === 'Date' && node.arguments.length === 0 ? note('time', 'new Date()', node.start) : undefined),
    MemberExpression: (node) => {
      const name = nameOf(node);
      if (clockMembers.has(name)) note('time', name, node.start);
      if (name === 'process.env') note('environment', name, node.start);
    },
  }).visit(program);
  return facts;
}

function requiredBy({ callee, arguments: [first] }: CallExpression): string | undefined {
  const requires = callee.type === 'Identifier' && callee.name === 'require';
  return requires && first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
}

/** `a.b` for an identifier or a plain member of one, without a leading `globalThis.`; otherwise ''. */
function nameOf(node: CallExpression['callee'] | MemberExpression): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return '';
  const owner = nameOf(node.object);
  const member = node.computed ? (node.property.type === 'Literal' ? String(node.property.value) : '') : node.property.name;
  return owner && member ? `${owner}.${member}`.replace(globalObject, '') : '';
}

const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length;
