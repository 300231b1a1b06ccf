// Why a WebSocket closed, in words. The codes: `closeCodes` of the protocol, and two that browsers make up.
import { m } from '#texts';

const words = new Map<number, () => string>([
  [1000, () => m.close_1000()],
  [1001, () => m.close_1001()],
  [1002, () => m.close_1002()],
  [1003, () => m.close_1003()],
  [1005, () => m.close_1005()],
  [1006, () => m.close_1006()],
  [1007, () => m.close_1007()],
  [1008, () => m.close_1008()],
  [1009, () => m.close_1009()],
  [1011, () => m.close_1011()],
  [1012, () => m.close_1012()],
  [1013, () => m.close_1013()],
  [4001, () => m.close_4001()],
  [4002, () => m.close_4002()],
  [4003, () => m.close_4003()],
  [4006, () => m.close_4006()],
  [4007, () => m.close_4007()],
  [4500, () => m.close_4500()],
  [4501, () => m.close_4501()],
  [4502, () => m.close_4502()],
  [4503, () => m.close_4503()],
  [4504, () => m.close_4504()],
  [4506, () => m.close_4506()],
  [4507, () => m.close_4507()],
]);

/** One that is not known here is its number. */
export function closeWords(code: number): string {
  return words.get(code)?.() ?? String(code);
}
