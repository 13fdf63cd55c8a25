import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const most = 8;
const step = 1.5;

export interface View {
  scale: number;
  x: number;
  y: number;
}

const whole: View = { scale: 1, x: 0, y: 0 };

/** Zooms so that the point (from the middle of the stage) stays where it is. */
export function zoomAt(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(most, Math.max(1, view.scale * factor));
  if (scale === 1) return whole;
  const change = scale / view.scale;
  return { scale, x: x - (x - view.x) * change, y: y - (y - view.y) * change };
}

export interface Size {
  width: number;
  height: number;
}

/** Moves, but never so far that an edge of the picture comes into the stage while there is more of it to see. */
export function moveBy(view: View, dx: number, dy: number, picture: Size, stage: Size): View {
  const bound = (value: number, shown: number, room: number) => {
    const most = Math.max(0, (shown * view.scale - room) / 2);
    return Math.min(most, Math.max(-most, value));
  };
  return {
    ...view,
    x: bound(view.x + dx, picture.width, stage.width),
    y: bound(view.y + dy, picture.height, stage.height),
  };
}

interface Point {
  x: number;
  y: number;
}

/** Two fingers: one goes from `before` to `now`, the other stays. What is below both stays below them. */
export function pinch(view: View, before: Point, now: Point, other: Point): View {
  const apart = (one: Point) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
  const moved = { ...view, x: view.x + (now.x - before.x) / 2, y: view.y + (now.y - before.y) / 2 };
  return zoomAt(moved, apart(now) / apart(before), (now.x + other.x) / 2, (now.y + other.y) / 2);
}

/** So far, and more across than down, a finger turns the page. */
const swipePx = 50;

interface Options {
  stage: RefObject<HTMLElement | null>;
  /** The one that is shown, and its own size. */
  key: string;
  size: Size;
  onSwipe: (direction: 1 | -1) => void;
}

/** Wheel, two fingers, dragging, double click, and the functions for keys and buttons. Another picture begins whole. */
export function useZoom({ stage, key, size, onSwipe }: Options) {
  const [view, setView] = useState(whole);
  const latest = useRef({ size, onSwipe, scale: view.scale });
  latest.current = { size, onSwipe, scale: view.scale };

  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture
  useEffect(() => setView(whole), [key]);

  /** Moves it, and keeps it on the stage, however the view was changed. */
  const move = useCallback(
    (change: (view: View) => View, dx = 0, dy = 0) => {
      const element = stage.current;
      const frame = element?.firstElementChild;
      if (!element || !(frame instanceof HTMLElement)) return;
      const { width, height } = latest.current.size;
      const fit = Math.min(1, frame.offsetWidth / width, frame.offsetHeight / height);
      const shown = { width: width * fit, height: height * fit };
      const room = { width: element.clientWidth, height: element.clientHeight };
      setView((before) => moveBy(change(before), dx, dy, shown, room));
    },
    [stage],
  );
  const zoom = useCallback(
    (factor: number, x = 0, y = 0) => move((before) => zoomAt(before, factor, x, y)),
    [move],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture has a stage of its own
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const pointers = new Map<number, Point>();
    let began: Point | null = null;
    /** From the middle of the stage. */
    const place = (event: MouseEvent): Point => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { x, y } = place(event);
      zoom(Math.exp(-event.deltaY / 400), x, y);
    };
    const down = (event: PointerEvent) => {
      if (event.target instanceof Element && event.target.closest('button')) return;
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      const isSwipe = pointers.size === 1 && event.pointerType === 'touch' && latest.current.scale === 1;
      began = isSwipe ? place(event) : null;
    };
    const drag = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = place(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      if (other) move((view) => pinch(view, before, now, other));
      else move((view) => view, now.x - before.x, now.y - before.y);
    };
    const up = (event: PointerEvent) => {
      const end = place(event);
      const [dx, dy] = began ? [end.x - began.x, end.y - began.y] : [0, 0];
      if (event.type === 'pointerup' && Math.abs(dx) > swipePx && Math.abs(dx) > Math.abs(dy))
        latest.current.onSwipe(dx < 0 ? 1 : -1);
      began = null;
      pointers.delete(event.pointerId);
    };
    // React's wheel listener is passive: it could not keep the page from zooming.
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', drag);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', drag);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
    };
  }, [stage, key, zoom, move]);

  return {
    view,
    zoomIn: () => zoom(step),
    zoomOut: () => zoom(1 / step),
    toggle: () => setView((before) => (before.scale > 1 ? whole : zoomAt(before, 2.5, 0, 0))),
    reset: () => setView(whole),
    pan: (dx: number, dy: number) => move((before) => before, dx, dy),
  };
}
