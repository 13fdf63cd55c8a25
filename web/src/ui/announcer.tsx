import { useEffect, useState } from 'react';

type Listener = (text: string) => void;
let listener: Listener = () => {};

/** Says something to screen readers, politely. The page must have an <Announcer/>. */
export function announce(text: string): void {
  listener(text);
}

/** The page's one live region for news. */
export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    listener = setText;
    return () => {
      listener = () => {};
    };
  }, []);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
