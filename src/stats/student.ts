/** A report asks for the same few again and again. */
const known = new Map<string, number>();

/** Quantile of Student's t distribution: the t with P(T <= t) = p. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  const asked = `${p} ${degreesOfFreedom}`;
  const t = known.get(asked) ?? quantile(p, degreesOfFreedom);
  known.set(asked, t);
  return t;
}

/** How likely a t at least that far from 0 is, on either side, when there is no difference. */
export function studentProbability(t: number, degreesOfFreedom: number): number {
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** By bisection of the distribution function, which is the regularized incomplete beta function (Numerical Recipes, 6.4). */
function quantile(p: number, degreesOfFreedom: number): number {
  if (p < 0.5) return -quantile(1 - p, degreesOfFreedom);
  let [low, high] = [0, 1];
  while (studentCdf(high, degreesOfFreedom) < p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degreesOfFreedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T <= t) for t >= 0. */
function studentCdf(t: number, df: number): number {
  return 1 - incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  // The continued fraction converges fast on one side of the mean; the other side is its mirror image.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      fraction *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/** ln of the gamma function, for the halves and whole numbers that degrees of freedom give: from 1/2 or 1 upwards. */
function logGamma(x: number): number {
  const start = Number.isInteger(x) ? 1 : 0.5;
  let value = start === 1 ? 0 : Math.log(Math.PI) / 2;
  for (let step = start; step < x; step++) value += Math.log(step);
  return value;
}
