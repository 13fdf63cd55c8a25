import { useEffect, useState } from 'react';

/** Seconds until a moment, renewed each second and when the page wakes up. 0 from then on. */
export function useDeadline(at: number): number {
  const [now, setNow] = useState(Date.now);
  const isOver = now >= at;
  useEffect(() => {
    const renew = () => setNow(Date.now());
    renew();
    document.addEventListener('visibilitychange', renew);
    const timer = isOver ? undefined : setInterval(renew, 250);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renew);
    };
  }, [isOver]);
  return Math.max(0, Math.ceil((at - now) / 1000));
}
