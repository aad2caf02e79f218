import { expect, it } from 'vitest';
import { countsIn, increase, sumOf } from './prometheus.js';

const text = `# HELP millrace_aws_calls_total AWS API calls
# TYPE millrace_aws_calls_total counter
millrace_aws_calls_total{kind="sqs:SendMessageBatch",service="analyst"} 12
millrace_aws_calls_total{service="analyst",kind="sqs:SendMessageBatch",status="error"} 3
millrace_aws_calls_total{kind="s3:PutObject",service="analyst"} 4.5e1
millrace_aws_calls_total_created{kind="s3:PutObject"} 1
other_total{kind="s3:PutObject"} 9
process_cpu_seconds_total 1.5
millrace_aws_calls_total{subkind="x",odd="a,kind=\\"y\\""} 1
`;

it('sums the samples of one metric by one label', () => {
  expect(countsIn(text, 'millrace_aws_calls_total', 'kind')).toEqual({ 'sqs:SendMessageBatch': 15, 's3:PutObject': 45 });
  expect(countsIn('', 'millrace_aws_calls_total', 'kind')).toEqual({});
});

it('adds counts up and takes differences', () => {
  expect(sumOf([{ a: 1, b: 2 }, { b: 3, c: 4 }])).toEqual({ a: 1, b: 5, c: 4 });
  expect(increase({ a: 1, b: 2 }, { a: 1, b: 7, c: 4 })).toEqual({ b: 5, c: 4 });
});
