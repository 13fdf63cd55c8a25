import { useEffect, useRef } from 'react';
import { t } from '../../i18n/t';
import { IconButton } from '../../ui/button';
import { ImageIcon } from '../../ui/icons';

/** Opens the browser's choice of files; Ctrl+Shift+U does the same. */
export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const open = () => input.current?.click();
    window.addEventListener('ping:attach', open);
    return () => window.removeEventListener('ping:attach', open);
  }, []);
  return (
    <>
      <IconButton
        label={t('photo.attach')}
        aria-keyshortcuts="Control+Shift+U"
        onClick={() => input.current?.click()}
        className="size-11"
      >
        <ImageIcon className="size-6" />
      </IconButton>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}
