/** A matrix inside a typed array: entry (i, j) lies at `offset + i·down + j·right`. */
export interface View {
  data: Float64Array;
  offset: number;
  down: number;
  right: number;
}

/**
 * out ← out + A·B for A [m, k], B [k, n] and out [m, n], the latter stored row by row from
 * `outOffset` on.
 *
 * Strides make one kernel serve x·W, xᵀ·δ and δ·Wᵀ: a transpose swaps `down` and `right`. Four
 * rows and two columns are summed at a time, in eight local variables that stay in registers:
 * each number read from memory is used two or four times, and `out` is written once.
 */
export function multiplyAdd(
  a: View,
  b: View,
  out: Float64Array,
  outOffset: number,
  m: number,
  n: number,
  k: number,
): void {
  const blockRows = m - (m % 4);
  const blockColumns = n - (n % 2);
  for (let i = 0; i < blockRows; i += 4) {
    const p = a.offset + i * a.down;
    const o = outOffset + i * n;
    for (let j = 0; j < blockColumns; j += 2) {
      block(a.data, p, a.down, a.right, b.data, b.offset + j * b.right, b.down, b.right, out, o + j, n, k); // prettier-ignore
    }
  }
  // what the blocks leave over: the last n mod 2 column of their rows, and the last m mod 4 rows
  if (blockColumns < n) for (let i = 0; i < blockRows; i++) row(a, b, out, outOffset, i, blockColumns, n, k); // prettier-ignore
  for (let i = blockRows; i < m; i++) row(a, b, out, outOffset, i, 0, n, k);
}

/** Four rows by two columns of the product, whose first entries are A[p], B[q] and out[o]. */
function block(
  A: Float64Array,
  p: number,
  aDown: number,
  aRight: number,
  B: Float64Array,
  q: number,
  bDown: number,
  bRight: number,
  out: Float64Array,
  o: number,
  n: number,
  k: number,
): void {
  let s00 = 0, s01 = 0, s10 = 0, s11 = 0; // prettier-ignore
  let s20 = 0, s21 = 0, s30 = 0, s31 = 0; // prettier-ignore
  for (let t = 0; t < k; t++, p += aRight, q += bDown) {
    const b0 = B[q];
    const b1 = B[q + bRight];
    const a0 = A[p];
    const a1 = A[p + aDown];
    const a2 = A[p + 2 * aDown];
    const a3 = A[p + 3 * aDown];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s30 += a3 * b0;
    s31 += a3 * b1;
  }
  out[o] += s00;
  out[o + 1] += s01;
  out[o + n] += s10;
  out[o + n + 1] += s11;
  out[o + 2 * n] += s20;
  out[o + 2 * n + 1] += s21;
  out[o + 3 * n] += s30;
  out[o + 3 * n + 1] += s31;
}

/** Row i of the product from column j on, four columns at a time while there are four. */
function row(
  { data: A, offset, down, right }: View,
  { data: B, offset: bOffset, down: bDown, right: bRight }: View,
  out: Float64Array,
  outOffset: number,
  i: number,
  j: number,
  n: number,
  k: number,
): void {
  const start = offset + i * down;
  for (; j + 4 <= n; j += 4) {
    let s0 = 0, s1 = 0, s2 = 0, s3 = 0; // prettier-ignore
    for (let t = 0, p = start, q = bOffset + j * bRight; t < k; t++, p += right, q += bDown) {
      const x = A[p];
      s0 += x * B[q];
      s1 += x * B[q + bRight];
      s2 += x * B[q + 2 * bRight];
      s3 += x * B[q + 3 * bRight];
    }
    const o = outOffset + i * n + j;
    out[o] += s0;
    out[o + 1] += s1;
    out[o + 2] += s2;
    out[o + 3] += s3;
  }
  for (; j < n; j++) {
    let sum = 0;
    for (let t = 0, p = start, q = bOffset + j * bRight; t < k; t++, p += right, q += bDown) {
      sum += A[p] * B[q];
    }
    out[outOffset + i * n + j] += sum;
  }
}
