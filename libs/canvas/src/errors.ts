import { defineErrors } from '@millrace/kernel';

export const canvasErrors = defineErrors({
  MILLRACE_CANVAS_MALFORMED: { retryable: false, help: 'Data that was to be a canvas is not one; the message says where, and what belongs there.' },
  MILLRACE_CANVAS_TOO_WIDE: { retryable: false, help: 'A group or chunks has more than 16,384 members; take larger chunks, or nest groups.' },
  MILLRACE_CANVAS_TOO_DEEP: { retryable: false, help: 'A canvas is nested more than 200 deep; put inner parts into tasks that return a replacement.' },
  MILLRACE_CANVAS_WIDE_POLICY: {
    retryable: false,
    help: 'A group of more than 64 members can have neither a quorum nor a deadline; take fewer members, or larger chunks.',
  },
  MILLRACE_CANVAS_WIDE_MEMBER: {
    retryable: false,
    help: 'The members of a group of more than 64 must be single tasks, maps or starmaps; nest groups of at most 64, or put a member’s parts into one task.',
  },
  MILLRACE_CANVAS_WIDE_MIXED: {
    retryable: false,
    help: 'A group of more than 64 members changes from one task or queue to another too often; put members of the same task next to one another.',
  },
  MILLRACE_CANVAS_QUORUM: { retryable: false, help: 'A quorum is not a whole number from 1 to the number of members.' },
  MILLRACE_CANVAS_SIZE: { retryable: false, help: 'A size, a range or a time in a canvas is not a number that makes sense there; the message says which.' },
  MILLRACE_CANVAS_JOIN_LATE: { retryable: false, help: 'A join’s deadline passed before what it needs was done; allow more time or ask for less.' },
});
