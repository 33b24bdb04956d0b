import { MESSAGE_STATES, type MessageState, TRANSITIONS } from "@/server/domain/message-state.ts";
import type { Place } from "./travelled-path.ts";

/** Along the main line, and across it. */
interface Spot {
  u: number;
  v: number;
}

/** Where each state stands: the life of most messages is the middle line. A new state does not compile without a place. */
const SPOTS: Record<MessageState, Spot> = {
  SCHEDULED: { u: 1, v: 0 },
  PREPARED: { u: 0, v: 1 },
  READY: { u: 2, v: 1 },
  SENT: { u: 3, v: 1 },
  CONSUMED: { u: 4, v: 1 },
  CANCELLED: { u: 0, v: 2 },
  UNDECIDED: { u: 1, v: 2 },
  REJECTED: { u: 2, v: 2 },
};
const START: Spot = { u: 0, v: 0 };

interface Form {
  width: number;
  height: number;
  gapX: number;
  gapY: number;
  /** The main line runs down instead of to the right. */
  down: boolean;
}

export const WIDE: Form = { width: 120, height: 36, gapX: 40, gapY: 34, down: false };
export const NARROW: Form = { width: 110, height: 36, gapX: 10, gapY: 30, down: true };

const MARGIN = 4;
/** Room beyond the boxes for the arrow that goes around. */
const OUTER = 18;
const ARROW = 6;
const START_RADIUS = 6;
/** Half the distance between two opposite arrows. */
const APART = 12;

export interface Box {
  state: MessageState;
  x: number;
  y: number;
}

export interface Arrow {
  from: Place;
  to: MessageState;
  /** An SVG path, ending at the foot of its head. */
  line: string;
  /** An SVG path, the head. */
  head: string;
}

export interface Layout {
  width: number;
  height: number;
  box: { width: number; height: number };
  start: { x: number; y: number; radius: number };
  boxes: Box[];
  arrows: Arrow[];
}

/** Every state and every arrow of the state table, in one of two forms. Pure. */
export function layOut(form: Form): Layout {
  const spots = Object.values(SPOTS);
  const columns = 1 + Math.max(...spots.map((s) => (form.down ? s.v : s.u)));
  const rows = 1 + Math.max(...spots.map((s) => (form.down ? s.u : s.v)));
  const start = centre(form, START);
  return {
    width: 2 * MARGIN + (form.down ? OUTER : 0) + columns * form.width + (columns - 1) * form.gapX,
    height: 2 * MARGIN + (form.down ? 0 : OUTER) + rows * form.height + (rows - 1) * form.gapY,
    box: form,
    start: { ...toXY(form, start), radius: START_RADIUS },
    boxes: MESSAGE_STATES.map((state) => {
      const { x, y } = toXY(form, centre(form, SPOTS[state]));
      return { state, x: x - form.width / 2, y: y - form.height / 2 };
    }),
    arrows: distinctPairs().map(([from, to]) => ({ from, to, ...route(form, from, to) })),
  };
}

/** Events that lead the same way share one arrow. */
function distinctPairs(): [Place, MessageState][] {
  const pairs = new Map(TRANSITIONS.map(({ from, to }) => [`${from} ${to}`, [from, to] as const]));
  return [...pairs.values()].map(([from, to]) => [from, to]);
}

function route(form: Form, from: Place, to: MessageState): { line: string; head: string } {
  const a = centre(form, from === null ? START : SPOTS[from]);
  const b = centre(form, SPOTS[to]);
  const half = halfBox(form);
  const halfA = from === null ? { u: START_RADIUS, v: START_RADIUS } : half;
  const alongU = Math.sign(b.u - a.u);
  const alongV = Math.sign(b.v - a.v);
  if (from === null && alongU > 0 && alongV > 0) {
    // Around the state that stands between, on the outer side.
    const outer = a.v - half.v - OUTER + 4;
    const end = { u: b.u, v: b.v - half.v - ARROW };
    return finish(
      form,
      [{ ...a, v: a.v - halfA.v }],
      [{ u: a.u, v: outer }, { u: b.u, v: outer }, end],
      "v",
      1,
    );
  }
  if (alongU === 0) {
    const two = TRANSITIONS.some((t) => t.from === to && t.to === from);
    const shift = two ? alongV * APART : 0;
    const begin = { u: a.u + shift, v: a.v + alongV * halfA.v };
    return finish(form, [begin], [{ u: b.u + shift, v: b.v - alongV * (half.v + ARROW) }], "v", alongV);
  }
  // What leads back is set off from what leads on, where both meet a box on the same side.
  const back = alongU < 0 ? APART - 2 : 0;
  const begin = { u: a.u + alongU * halfA.u, v: a.v + back };
  const end = { u: b.u - alongU * (half.u + ARROW), v: b.v + back };
  if (alongV === 0) return finish(form, [begin], [end], "u", alongU);
  const middle = (begin.u + end.u) / 2;
  const curve = [{ u: middle, v: begin.v }, { u: middle, v: end.v }, end];
  return { line: `${move(form, begin)}${bend(form, curve)}`, head: head(form, end, "u", alongU) };
}

function finish(form: Form, begin: Spot[], points: Spot[], axis: "u" | "v", sign: number) {
  const line = move(form, begin[0]!) + points.map((p) => `L${pair(form, p)}`).join("");
  return { line, head: head(form, points.at(-1)!, axis, sign) };
}

function head(form: Form, foot: Spot, axis: "u" | "v", sign: number): string {
  const across = axis === "u" ? "v" : "u";
  const wing = (side: number) => ({ ...foot, [across]: foot[across] + side * 4 });
  const tip = { ...foot, [axis]: foot[axis] + sign * ARROW };
  return `${move(form, wing(-1))}L${pair(form, tip)}L${pair(form, wing(1))}Z`;
}

const move = (form: Form, spot: Spot) => `M${pair(form, spot)}`;
const bend = (form: Form, spots: Spot[]) => `C${spots.map((s) => pair(form, s)).join(" ")}`;

function pair(form: Form, spot: Spot): string {
  const { x, y } = toXY(form, spot);
  return `${x},${y}`;
}

function toXY(form: Form, { u, v }: Spot): { x: number; y: number } {
  return form.down ? { x: v, y: u } : { x: u, y: v };
}

function halfBox(form: Form): Spot {
  return form.down ? { u: form.height / 2, v: form.width / 2 } : { u: form.width / 2, v: form.height / 2 };
}

function centre(form: Form, { u, v }: Spot): Spot {
  const half = halfBox(form);
  const gap = form.down ? { u: form.gapY, v: form.gapX } : { u: form.gapX, v: form.gapY };
  return {
    u: MARGIN + half.u + u * (2 * half.u + gap.u),
    v: MARGIN + OUTER + half.v + v * (2 * half.v + gap.v),
  };
}
