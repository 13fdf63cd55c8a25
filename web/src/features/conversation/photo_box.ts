/** CSS pixels. */
const widest = 352;
const highest = 416;
const narrowest = 176;
const ratios = { least: 0.55, most: 2.4 };

export interface PhotoBox {
  width: number;
  ratio: number;
}

/**
 * The room of a picture in a bubble, from the size that the message names: it is reserved before anything is loaded, so
 * nothing moves when it comes. Very long or tall pictures are cut; the viewer shows all of them.
 */
export function photoBox(width: number, height: number): PhotoBox {
  const ratio = Math.min(ratios.most, Math.max(ratios.least, width / Math.max(1, height) || 1));
  const fitting = Math.min(width, widest, highest * ratio);
  return { width: Math.round(Math.max(narrowest, fitting)), ratio };
}
