import { useStore } from '../../store';

/** Three dots in a bubble. The header says it in words. Its room is always there, so that nothing jumps. */
export function Typing({ chatId, peerName }: { chatId: string; peerName: string }) {
  const isTyping = useStore((state) => state.typing[chatId] !== undefined);
  return (
    <div
      aria-hidden="true"
      className="h-9 px-3 pt-1.5 pane:px-5"
      data-typing={isTyping ? peerName : undefined}
    >
      {isTyping && (
        <span className="enter inline-flex h-7.5 items-center gap-1 rounded-2xl rounded-es-sm bg-peer px-3">
          <span className="typing-dot size-1.75 rounded-full bg-muted" />
          <span className="typing-dot size-1.75 rounded-full bg-muted" />
          <span className="typing-dot size-1.75 rounded-full bg-muted" />
        </span>
      )}
    </div>
  );
}
