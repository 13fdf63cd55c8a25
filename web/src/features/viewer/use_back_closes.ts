import { useEffect, useRef } from 'react';

const mark = { pingViewer: true };
let layers = 0;

function isMarked(): boolean {
  return (history.state as { pingViewer?: unknown } | null)?.pingViewer === true;
}

/** While it is used, the Back of the browser or the phone closes the layer instead of leaving the page. */
export function useBackCloses(onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    layers++;
    // The same address: the page below stays as it is.
    if (!isMarked()) history.pushState(mark, '');
    const back = () => latest.current();
    window.addEventListener('popstate', back);
    return () => {
      layers--;
      window.removeEventListener('popstate', back);
      // Later, as in development React mounts everything twice.
      setTimeout(() => {
        if (layers === 0 && isMarked()) history.back();
      });
    };
  }, []);
}
