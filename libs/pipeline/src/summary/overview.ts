import type { MemberOutcome } from '@millrace/canvas';
import type { Domain, DomainSummary, Insight } from '@millrace/domain';
import type { SummaryContent } from './content.js';

/** A task that gave nothing, and why. */
interface Problem {
  readonly task: string;
  readonly reason: string;
}

type Told = SummaryContent['domains'][number];

/**
 * What each domain found and what went wrong, in words and in figures. Domains are told of one after another: nothing is
 * said of a customer across them, because nothing is known of whether two ids mean the same one. `outcomes` are those of
 * the analyses of all domains, in the order of `content`.
 */
export function overview(domains: readonly Domain[], outcomes: readonly MemberOutcome[], content: SummaryContent): Insight {
  let next = 0;
  const parts = content.domains.map((told) => {
    const own = outcomes.slice(next, (next += told.analyses.length));
    return partOf(domains.find(({ name }) => name === told.domain), told, { outcomes: own, files: content.files });
  });
  const notTaken = content.files.filter((_, index) => content.domains.every(({ files }) => files !== undefined && !files.includes(index)));
  return { text: [...parts.map(wordsOf), ...notTaken.map((file) => `No domain takes ${file}.`)].join('\n'), domains: parts, notTaken };
}

interface Given {
  readonly outcomes: readonly MemberOutcome[];
  readonly files: readonly string[];
}

interface Part extends DomainSummary {
  readonly domain: string;
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

const nothing: DomainSummary = { sentences: [], figures: {} };

function partOf(domain: Domain | undefined, told: Told, { outcomes, files }: Given): Part {
  const { report } = told;
  const insights = Object.fromEntries(told.analyses.flatMap((task, index) => insightOf(task, outcomes[index])));
  const said = report === undefined ? undefined : domain?.summarise?.({ report, insights });
  return {
    domain: told.domain,
    files: files.filter((_, index) => told.files?.includes(index) ?? true),
    ...(said ?? nothing),
    problems: problemsOf(told, outcomes),
  };
}

function insightOf(task: string, outcome: MemberOutcome | undefined): ReadonlyArray<readonly [string, Insight]> {
  if (outcome?.status !== 'succeeded' || typeof outcome.value !== 'object' || outcome.value === null) return [];
  return [[task.slice(task.lastIndexOf('.') + 1), outcome.value as Insight]];
}

function problemsOf({ domain, analyses, problem }: Told, outcomes: readonly MemberOutcome[]): readonly Problem[] {
  const own = analyses.flatMap((task, index): readonly Problem[] => {
    const outcome = outcomes[index];
    if (outcome?.status === 'succeeded') return [];
    return [{ task, reason: outcome?.status === 'failed' ? outcome.error.message : 'it was not done in time' }];
  });
  return problem === undefined ? own : [{ task: `${domain}.dataset`, reason: problem }, ...own];
}

const wordsOf = ({ domain, sentences, problems }: Part): string =>
  `${domain}: ${[...sentences, ...problems.map(({ task, reason }) => `${task} gave nothing: ${reason}.`)].join(' ')}`;
