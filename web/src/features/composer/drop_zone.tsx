import { type ReactNode, useEffect, useRef, useState } from 'react';
import { t } from '../../i18n/t';
import { ImageIcon } from '../../ui/icons';

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

interface Props {
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** Files that are dropped anywhere on the conversation, or pasted while it has the focus, are attached. */
export function DropZone({ onFiles, children }: Props) {
  const zone = useRef<HTMLDivElement>(null);
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const element = zone.current;
    // Entering a child leaves its parent: the zone is left when every entered element is.
    let depth = 0;
    const show = (change: number) => {
      depth = Math.max(0, depth + change);
      setIsOver(depth > 0);
    };
    const enter = (event: DragEvent) => hasFiles(event) && show(1);
    const leave = (event: DragEvent) => hasFiles(event) && show(-1);
    const over = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      show(-depth);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // A table or a text from an office program brings a picture of itself along.
      const isText = event.clipboardData?.types.includes('text/plain') ?? false;
      if (files.length === 0 || isText) return;
      event.preventDefault();
      onFiles(files);
    };
    element?.addEventListener('dragenter', enter);
    element?.addEventListener('dragleave', leave);
    element?.addEventListener('dragover', over);
    element?.addEventListener('drop', drop);
    element?.addEventListener('paste', paste);
    return () => {
      element?.removeEventListener('dragenter', enter);
      element?.removeEventListener('dragleave', leave);
      element?.removeEventListener('dragover', over);
      element?.removeEventListener('drop', drop);
      element?.removeEventListener('paste', paste);
    };
  }, [onFiles]);
  return (
    <div ref={zone} className="relative flex min-h-0 flex-1 flex-col">
      {children}
      {isOver && (
        <div
          data-drop
          className="pointer-events-none absolute inset-3 z-20 flex flex-col items-center justify-center gap-3 rounded-3xl border-2 border-accent border-dashed bg-surface/90 font-semibold text-accent text-lg"
        >
          <ImageIcon className="size-12" />
          {t('photo.drop')}
        </div>
      )}
    </div>
  );
}
