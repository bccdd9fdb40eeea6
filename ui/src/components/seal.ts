/**
 * The seal: a rosette drawn from a token, so that it is recognised and read. Six outer arcs are the permissions,
 * clockwise Bots, Accounts, Smart trades, read then write; dots are trusted addresses, short bars networks; the weave
 * comes from the id; the core is the type.
 */
export type SealCore = "self" | "system" | null;
export type SealMark = "address" | "network";
export type SealSubject = {
  id: string;
  core: SealCore;
  marks: readonly SealMark[];
  /** six of r, w, 0 */ arcs: string;
};
export type Path = { d: string; rotate: number };

type Point = readonly [number, number];

/** More marks than this melt into a line. */
const MARKS_SHOWN = 24;
const CENTRE = 100;

export function arc(radius: number, from: number, to: number): string {
  const [x0, y0] = point(radius, from);
  const [x1, y1] = point(radius, to);
  return `M${round(x0)} ${round(y0)}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${round(x1)} ${round(y1)}`;
}

/** A closed ring of `waves` waves, smooth: midpoints joined by quadratic curves. */
export function wave(
  radius: number,
  amplitude: number,
  waves: number,
  skew: number,
  pointsEach: number,
): string {
  const count = waves * pointsEach;
  const points = Array.from({ length: count }, (_, index): Point => {
    const turn = (360 * index) / count;
    const height = Math.sin(radians(waves * turn)) + skew * Math.sin(radians(2 * waves * turn));
    return point(radius + amplitude * height, turn);
  });
  const start = middle(points.at(-1), points[0]);
  const curves = points.map((at, index) => {
    const next = middle(at, points[(index + 1) % count]);
    return `Q${pair(at)} ${pair(next)}`;
  });
  return `M${pair(start)}${curves.join("")}Z`;
}

export function permissionArcPaths(small: boolean): string[] {
  return Array.from({ length: 6 }, (_, index) =>
    small ? arc(88, index * 60 + 5, index * 60 + 55) : arc(93, index * 60 + 4, index * 60 + 56),
  );
}

export type DrawnMark = { kind: "address"; x: number; y: number } | { kind: "network"; d: string };

export function drawnMarks(marks: readonly SealMark[]): DrawnMark[] {
  const shown = marks.slice(0, MARKS_SHOWN);
  return shown.map((mark, index) => {
    const turn = (360 * index) / shown.length;
    if (mark === "network") return { kind: "network", d: arc(82, turn - 16, turn + 16) };
    const [x, y] = point(82, turn);
    return { kind: "address", x: Number(round(x)), y: Number(round(y)) };
  });
}

/** The woven ring, seeded from the id. */
export function weave(id: string): Path[] {
  const hash = hashed(id);
  const { waves, amplitude, skew } = woven(hash);
  const copies = 5 + ((hash >>> 3) % 4);
  return copied(
    wave(73 - amplitude, amplitude, waves, skew, waves > 9 ? 6 : 9),
    copies,
    360 / waves / copies,
  );
}

export function smallWeave(id: string): Path[] {
  const { waves, amplitude, skew } = woven(hashed(id));
  const petals = Math.min(waves, 11);
  return copied(wave(52, Math.min(amplitude, 15), petals, skew, 8), 2, 180 / petals);
}

/** The rosette at the core of a Self generated token. */
export function rosette(id: string): Path[] {
  const hash = hashed(id);
  const waves = 3 + ((hash >>> 9) % 6);
  const amplitude = 6 + ((hash >>> 15) % 6);
  const copies = 5 + ((hash >>> 6) % 3);
  const d = wave(33 - ((2 * amplitude) % 9) - amplitude / 2, amplitude, waves, 0.18, 10);
  return copied(d, copies, 360 / waves / copies);
}

export function smallRosette(id: string): string {
  return wave(17, 8, 4 + ((hashed(id) >>> 9) % 4), 0, 8);
}

/** The plain rings at the core of a System generated token. */
export const ringRadii: readonly number[] = [8, 12, 16, 20, 24, 28, 32, 36];
export const smallRingRadii: readonly number[] = [20, 8];

/** FNV-1a, 32 bit. */
function hashed(id: string): number {
  return new TextEncoder()
    .encode(id)
    .reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619) >>> 0, 2_166_136_261);
}

function woven(hash: number): { waves: number; amplitude: number; skew: number } {
  return {
    waves: [5, 6, 7, 8, 9, 11, 13, 16][hash % 8] ?? 5,
    amplitude: [9, 12, 15, 19][(hash >>> 12) % 4] ?? 9,
    skew: (((hash >>> 5) % 7) - 3) / 10,
  };
}

function copied(d: string, copies: number, step: number): Path[] {
  return Array.from({ length: copies }, (_, index) => ({ d, rotate: Number((index * step).toFixed(2)) }));
}

function point(radius: number, degrees: number): Point {
  const turn = radians(degrees - 90);
  return [CENTRE + radius * Math.cos(turn), CENTRE + radius * Math.sin(turn)];
}

function middle(one: Point = [CENTRE, CENTRE], other: Point = [CENTRE, CENTRE]): Point {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

function pair([x, y]: Point): string {
  return `${round(x)} ${round(y)}`;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function round(value: number): string {
  return value.toFixed(1);
}
