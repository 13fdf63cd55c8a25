/** So near to the end counts as there. */
const endPx = 8;

/**
 * Keeps what somebody reads where it is, whatever is added, removed or resized around it. Two states only: stuck to the
 * end, or anchored to one row at one distance from the top edge. No React in here.
 */
export class ScrollAnchor {
  #scroller: HTMLElement;
  #row: HTMLElement | null = null;
  #key: string | null = null;
  #offset = 0;
  #isStuck = true;
  #ownTop = -1;
  /** The row to hold is not mounted yet. */
  #isAwaited = false;

  constructor(scroller: HTMLElement) {
    this.#scroller = scroller;
  }

  get isStuck(): boolean {
    return this.#isStuck;
  }

  stick(): void {
    this.#isStuck = true;
    this.restore();
  }

  /**
   * Moves this row to this distance from the top edge, as soon as it is mounted, and holds it where it came to be: the
   * beginning may come first. The end may too: then it sticks.
   */
  hold(key: string, offset: number, isAtNewest: boolean): void {
    this.#isStuck = false;
    this.#isAwaited = true;
    this.#key = key;
    this.#row = null;
    this.#offset = offset;
    this.restore();
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#isStuck = isAtNewest && scrollHeight - scrollTop - clientHeight < endPx;
  }

  /** After somebody scrolled. `isAtNewest`: the last row that is mounted is the newest there is. */
  scrolled(isAtNewest: boolean): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    // What restore() did itself must not choose anew: the choice's rounding would add up.
    if (Math.abs(scrollTop - this.#ownTop) < 1) return;
    this.#ownTop = -1;
    this.#isStuck = isAtNewest && scrollHeight - scrollTop - clientHeight < endPx;
    this.#choose();
  }

  /** After anything changed its size or its place: before the browser paints. */
  restore(): void {
    if (this.#isStuck) {
      this.#scrollTo(this.#scroller.scrollHeight);
      return;
    }
    const row = this.#find();
    if (!row) {
      if (!this.#isAwaited) this.#choose();
      return;
    }
    const moved = this.#topOf(row) - this.#offset;
    if (Math.abs(moved) >= 0.5) this.#scrollTo(this.#scroller.scrollTop + moved);
    if (this.#isAwaited) this.#offset = this.#topOf(row);
    this.#isAwaited = false;
  }

  /** A row is taken out when it is far away; if it was the anchor, the next choice is made from what is there. */
  #find(): HTMLElement | null {
    if (this.#row?.isConnected) return this.#row;
    this.#row = this.#key ? this.#scroller.querySelector(`[data-row="${CSS.escape(this.#key)}"]`) : null;
    return this.#row;
  }

  /** The second row that is wholly visible: the first may be at an edge where rows come and go. */
  #choose(): void {
    const edge = this.#edge();
    const bottom = edge + this.#scroller.clientHeight;
    const rows = [...this.#scroller.querySelectorAll<HTMLElement>('[data-row]')];
    const first = firstBelow(rows, edge);
    const isVisible = (row: HTMLElement | undefined) => row && row.getBoundingClientRect().bottom <= bottom;
    const chosen = isVisible(rows[first + 1]) ? rows[first + 1] : (rows[first] ?? rows.at(-1));
    this.#row = chosen ?? null;
    this.#key = chosen?.dataset.row ?? null;
    this.#offset = chosen ? this.#topOf(chosen) : 0;
    this.#isAwaited = false;
  }

  #topOf(row: HTMLElement): number {
    return row.getBoundingClientRect().top - this.#edge();
  }

  #edge(): number {
    return this.#scroller.getBoundingClientRect().top;
  }

  #scrollTo(top: number): void {
    this.#scroller.scrollTop = top;
    this.#ownTop = this.#scroller.scrollTop;
  }
}

/** The index of the first row that begins at or below the edge. Rows lie in order, so by halves. */
function firstBelow(rows: HTMLElement[], edge: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.getBoundingClientRect().top ?? 0) >= edge) high = middle;
    else low = middle + 1;
  }
  return low;
}
