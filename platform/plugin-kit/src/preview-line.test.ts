// Previews: one line, nothing invisible, cut between characters as people see them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, cutText } from './cut-text.ts';
import { previewLine } from './preview-line.ts';

const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F466}';
const scotland = '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}';
const anyText = fc.string({ unit: 'binary', maxLength: 900 });

describe('a preview line', () => {
  it.each([
    ['hello', 'hello'],
    ['  two\r\n\tlines\u2028\u0000and more ', 'two lines and more'],
    ['invoice\u202Egpj.exe', 'invoicegpj.exe'],
    ['a \u200B b\uFEFF\u00AD\u2060c', 'a bc'],
    ['half \uD83D', 'half \uFFFD'],
    ['你好 "世界" & <b>', '你好 "世界" & <b>'],
    // Characters that shape their neighbours stay: a family, a flag, a heart that is a picture, a Persian
    // word.
    [`${family} ${scotland} \u2764\uFE0F می\u200Cخواهم`, `${family} ${scotland} \u2764\uFE0F می\u200Cخواهم`],
  ])('of %j is %j', (text, line) => {
    expect(previewLine(text)).toBe(line);
  });

  it.each(['', ' \n', '\u200B', '\u3164\u3164', '\u2800', '\u200D\uFE0F', '\u115F', '\u202E\u202C'])(
    'of %j, of which nothing can be seen, is empty',
    (text) => {
      expect(previewLine(text)).toBe('');
    },
  );

  it('has 200 characters, and no emoji is torn', () => {
    expect(previewLine('x'.repeat(200))).toBe('x'.repeat(200));
    expect(previewLine('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`);
    expect(previewLine(`${'x'.repeat(198)}${family}${family}`)).toBe(`${'x'.repeat(198)}…`);
    expect(previewLine('one two three', 6)).toBe('one t…');
  });

  it('is one well-formed line without what turns the reading direction, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = previewLine(text);
        expect(Array.from(line).length).toBeLessThanOrEqual(200);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]| {2}|^ | $/u);
        expect(previewLine(line)).toBe(line);
      }),
    );
  });
});

describe('a text that is cut', () => {
  it('counts code points, the ellipsis too, and leaves alone what fits', () => {
    expect(cutText('hello', 5)).toBe('hello');
    expect(cutText('hello', 4)).toBe('hel…');
    expect(cutText('😀😀', 2)).toBe('😀😀');
    expect(cutText('😀😀😀', 2)).toBe('😀…');
    expect(cutText('hello', 1)).toBe('…');
    expect(cutText('hello', 0)).toBe('');
  });

  it('is not torn within a letter and its marks, unless nothing else could be kept', () => {
    expect(cutText('abe\u0301f', 4)).toBe('ab…');
    expect(cutText(`e${'\u0301'.repeat(300)}`, 200)).toBe(`e${'\u0301'.repeat(198)}…`);
  });

  it('has no space before the ellipsis', () => {
    expect(cutText('one two', 5)).toBe('one…');
  });

  it('keeps whole characters from the beginning, at most as many as asked for', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, maxChars) => {
        const cut = cutText(text, maxChars);
        expect(Array.from(cut).length).toBeLessThanOrEqual(maxChars);
        expect(cut.isWellFormed()).toBe(true);
        expect(text.toWellFormed().startsWith(cut.replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});

describe('a beginning', () => {
  it.each([family, scotland, '\u0915\u094D\u0937\u093F', 'e\u0301\u0323', '\u{1F468}'])('tears no %j', (unit) => {
    const text = unit.repeat(50);
    for (let units = 1; units < text.length; units += 1) {
      const kept = beginningOf(text, units);
      expect(kept.length).toBeLessThanOrEqual(units);
      if (units >= unit.length) expect(kept).toBe(unit.repeat(Math.floor(units / unit.length)));
    }
  });

  it('is within its bound and well formed, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.nat(300), (text, units) => {
        const kept = beginningOf(text, units);
        expect(kept.length).toBeLessThanOrEqual(Math.max(units, 0));
        if (text.isWellFormed()) expect(kept.isWellFormed()).toBe(true);
      }),
    );
  });
});
