import { useEffect, useState } from 'react';

type Listener = (text: string) => void;
let listener: Listener = () => {};

/** Says something to screen readers, politely. The page must have an <Announcer/>. */
export function announce(text: string): void {
  listener(text);
}

/** The page's one live region for news. */
export function Announcer() {
  const [said, setSaid] = useState({ text: '', count: 0 });
  useEffect(() => {
    listener = (text) => setSaid(({ count }) => ({ text, count: count + 1 }));
    return () => {
      listener = () => {};
    };
  }, []);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {/* A new element each time: a region that stays the same is not spoken again. */}
      <span key={said.count}>{said.text}</span>
    </div>
  );
}
