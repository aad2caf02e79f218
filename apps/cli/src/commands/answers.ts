import type { Answers, AnswerTo, CommandName } from '@millrace/control';
import type { Context } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { count } from '../output/words.js';

/** What each worker that could answered. */
export interface Answered<Name extends CommandName> {
  readonly worker: string;
  readonly answer: AnswerTo<Name>;
}

/**
 * The answers, once shown by `show`. Rejects with MILLRACE_CLI_UNANSWERED when workers refused or did not answer in time:
 * what the others answered is shown all the same.
 */
export function showAnswers<Name extends CommandName>({ out }: Context, { replies, missing }: Answers<Name>, lines: (answered: ReadonlyArray<Answered<Name>>) => readonly string[]): void {
  const answered = replies.flatMap((reply) => (reply.ok ? [{ worker: reply.worker, answer: reply.answer }] : []));
  const refused = replies.flatMap((reply) => (reply.ok ? [] : [`${reply.worker}: ${reply.message} (${reply.code})`]));
  out.show({ answers: answered, refused: replies.filter(({ ok }) => !ok), missing }, () => (answered.length > 0 ? lines(answered) : []));
  const unanswered = missing.length > 0 ? [`${count(missing.length, 'worker')} did not answer in time: ${missing.join(', ')}`] : [];
  if (refused.length + unanswered.length > 0) throw cliErrors.error('MILLRACE_CLI_UNANSWERED', [...refused, ...unanswered].join('; '));
}
