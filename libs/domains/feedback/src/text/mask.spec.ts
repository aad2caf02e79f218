import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask } from './mask.js';

describe('mask', () => {
  it.each([
    ['call +44 (0)20 7946 0958 now', 'call <phone> now'],
    ['call08712460324now', 'call<phone>now'],
    ['07946-095-812 or 0171/123456 or 07946 - 095812.', '<phone> or <phone> or <phone>.'],
    ['(555) 010-9999', '<phone>'],
    ['06 12 34 56 78', '<phone>'],
    ['0794609.58 or 12000.50', '<phone> or 12000.50'],
    ['card 4929 1234 5678 9012', 'card <number>'],
    ['jo.doe+shop@mail.example.co.uk wrote', '<email> wrote'],
    ['order 48213', 'order <order>'],
    ['Order no. AB-4821-77, please', 'Order no. <order>, please'],
    ['my order number is 114-3941689-8772232', 'my order number is <order>'],
    ['Ref:00482913', 'Ref:<order>'],
    ['TICKET#9981', 'TICKET#<order>'],
    ['tracking id: 1Z999AA10123456784', 'tracking id: <order>'],
    ['see #100234 and # 4821', 'see #<order> and # <order>'],
    ['my booking reference 48213, order order 1234', 'my booking reference <order>, order order <order>'],
    ['07946095812,07946095813', '<phone>,<phone>'],
    ['ORD-48213 is late, so is AB123456789', '<order> is late, so is <order>'],
  ])('%j → %j', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  it.each([
    'I wear a size 8, she a 12; sizes 8 10 12 14 or 0 2 4 6 8 10 12',
    'paid 12000.50 and £1000000, or 1,000,000',
    'on 2026-03-14, 14.03.2026, 14/03/2026 9:15 and from 2026-03-14 - 2026-03-20 10:30',
    'in 2019-2020',
    'order two dresses, order 12 socks, in case of rain, #1 shop',
    "I'm 5'4\", 130 lbs, 34d and love it @ home",
    'txt WIN to 87239',
    'my ordered items and the border 1000',
  ])('leaves %j as it is', (text) => {
    expect(mask(text)).toBe(text);
  });

  it('leaves no telephone number of seven to fifteen digits, however it is set apart', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 13 });
    const separators = fc.array(fc.constantFrom('', '', '', ' ', '-', '.', '/', ') ', ' ('), { minLength: 15, maxLength: 15 });
    const prefix = fc.constantFrom('07', '+4', '00', '(01');
    fc.assert(
      fc.property(prefix, digits, separators, fc.constantFrom('', 'call ', 'Tel:', 'x'), (start, rest, between, before) => {
        const number = start + rest.map((digit, index) => `${between[index] ?? ''}${digit}`).join('');
        fc.pre(!/19|20/.test(number.replace(/[^0-9]/g, ''))); // may be a date
        expect(mask(`${before}${number} thanks`).replace(/[^0-9]/g, '').length).toBeLessThan(7);
      }),
    );
  });

  it('changes nothing the second time', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('order ', '#', 'ref: ', '0794', '12345', ' 678', '@a.b', 'x', '-', '+44'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const once = mask(pieces.join(''));
        expect(mask(once)).toBe(once);
      }),
    );
  });
});
