import { describe, expect, it } from 'vitest';
import { feedbackDomain } from './feedback.domain.js';

describe('feedbackDomain', () => {
  it.each([
    ['text/csv', 'ReviewID,Clothing ID,Age,Title,Review Text,Rating,Recommended IND\n1,2,'],
    ['text/csv', '\uFEFF"id","text"\r\n'],
    ['application/x-ndjson', '{"text": "hello", "at": "2026-03-14"}\n{"te'],
    ['text/plain', '{"Review Text": "", "Rating": 5}'],
    ['application/json', '[{"text": "hello"}]'],
  ])('accepts %s %s', (contentType, head) => {
    expect(feedbackDomain.accepts({ contentType, head })).toBe(true);
  });

  it.each([
    ['text/csv', ''],
    ['text/csv', 'id,Text,review\n'],
    ['text/csv', 'id;text\n'],
    ['application/x-ndjson', '{"message": "hello"}'],
    ['text/csv', 'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n'],
    ['image/png', '\u0089PNG\r\n'],
  ])('leaves %s %j to others', (contentType, head) => {
    expect(feedbackDomain.accepts({ contentType, head })).toBe(false);
  });

  it('names its tasks and models after itself', () => {
    const { dataset, analyses, models } = feedbackDomain;
    expect([dataset, ...analyses].map(({ name }) => name)).toEqual(['dataset', 'spam', 'sentiment', 'recommendation', 'department', 'intent', 'phrases'].map((name) => `feedback.${name}`));
    expect(models.map(({ name }) => name)).toEqual(['spam', 'sentiment', 'recommendation', 'department', 'intent'].map((name) => `feedback.${name}`));
  });
});
