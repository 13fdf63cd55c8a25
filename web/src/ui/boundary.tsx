import { Component, type ReactNode } from 'react';
import { t } from '../i18n/t';
import { Button } from './button';

interface Props {
  children: ReactNode;
  /** What goes round that which is shown instead. */
  frame?: (instead: ReactNode) => ReactNode;
}

/**
 * Catches what a part of the page throws: most often a file of an older version that the updated server no longer has.
 * Nothing is lost by a reload: drafts and the outbox are kept.
 */
export class Boundary extends Component<Props, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    const { children, frame } = this.props;
    if (!this.state.hasFailed) return children;
    const instead = (
      <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-4 p-6 text-center">
        <p className="max-w-sm rounded-2xl bg-surface px-5 py-3">{t('shell.outdated')}</p>
        <Button onClick={() => window.location.reload()}>{t('shell.reload')}</Button>
      </div>
    );
    return frame ? frame(instead) : instead;
  }
}
