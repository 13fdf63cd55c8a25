interface SendKeys {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/**
 * Whether a key sends. Never while an input method composes (229 is how Safari says it); on a touch keyboard Enter
 * makes a new line, there is a button.
 */
export function sends(event: SendKeys, enterSends: boolean, isTouch: boolean): boolean {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return enterSends && !event.shiftKey && !isTouch;
}
